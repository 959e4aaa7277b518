import type { Facts } from '@upkeep/contract/observation'
import { serverSubject } from '@upkeep/contract/subject'
import { plainServer } from '@upkeep/contract/testing/plain-server'
import type { ServerParts } from './fleet-parts.ts'

const path = '/home/ada/.cursor/mcp.json'
type Declared = Facts<'declared-server'>
type Copy = Facts<'resolved-package'>['installed'][number]

/** An entry as a client's file declares it. */
export function declaredOf(name: string, launch: Declared['launch'], changes: Partial<Declared> = {}): Declared {
  return {
    ...plainServer,
    client: 'cursor',
    path,
    name,
    launch,
    ...changes,
  }
}

/** A package that npx would start, pinned. */
export function npxOf(name: string, requested: string | null): Declared['launch'] {
  return { via: 'npx', ecosystem: 'npm', name, requested, pinned: requested !== null, packages: [] }
}

/** An installed copy with these npm packages, each `name@version`. */
export function copyOf(root: string, packages: readonly string[], changes: Partial<Copy> = {}): Copy {
  const components = packages.map((one) => {
    const cut = one.lastIndexOf('@')
    const name = one.slice(0, cut)
    const digest = (name.length % 10).toString().repeat(64)
    return { ecosystem: 'npm' as const, name, version: one.slice(cut + 1), path: `node_modules/${name}`, digest }
  })
  const version = components[0]?.version ?? null
  const facts = { cacheKey: null, requested: null, engines: null, digest: null, problems: [] }
  return { where: 'npx-cache', root, version, ...facts, components, ...changes }
}

/** A server with what is installed for it. `wouldRun` null: which copy would start is not known. */
export function serverOf(
  name: string,
  declared: Partial<Declared> & Pick<Declared, 'launch'>,
  installed: readonly Copy[],
  wouldRun: number | null = 0,
): ServerParts {
  const launch = declared.launch
  const facts = {
    name: 'name' in launch ? launch.name : name,
    ecosystem: 'npm' as const,
    pinned: true,
    installed: [...installed],
    wouldRun,
    why: wouldRun === null ? 'the registry decides' : '',
  }
  return {
    subject: serverSubject('cursor', path, name),
    declared: declaredOf(name, launch, declared),
    resolved: { state: 'seen', facts },
    bundled: null,
  }
}
