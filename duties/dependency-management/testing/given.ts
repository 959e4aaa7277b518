import type { Facts, Seen } from '@upkeep/contract'
import { plainServer } from '@upkeep/contract/testing/plain-server'

type Declared = Facts<'declared-server'>
type Package = Facts<'dependency-health'>['copies'][number]['packages'][number]
type Copy = Facts<'dependency-health'>['copies'][number]
type Version = Facts<'registry'>['packages'][number]['versions'][number]

const root = '/home/ada/.npm/_npx/0123456789abcdef'
/** A digest as npm writes it: of a text that stands for the bytes. */
export function sum(of: string): string {
  return `sha512-${of.padEnd(86, 'A')}==`
}

export function declared(launch: Declared['launch']): Seen<'declared-server'> {
  const facts: Declared = {
    ...plainServer,
    name: 'crm',
    launch,
  }
  return { state: 'seen', facts }
}

export function npx(requested: string | null): Seen<'declared-server'> {
  const pinned = requested !== null && /^\d/.test(requested)
  const packages = [requested === null ? 'mcp-remote' : `mcp-remote@${requested}`]
  return declared({ via: 'npx', ecosystem: 'npm', name: 'mcp-remote', requested, pinned, packages })
}

/** The one copy in the cache, of which only the version matters here. */
export function resolved(version: string): Seen<'resolved-package'> {
  const copy = {
    where: 'npx-cache' as const,
    root,
    version,
    cacheKey: null,
    requested: null,
    engines: null,
    digest: null,
  }
  const installed = [{ ...copy, components: [], problems: [] }]
  return {
    state: 'seen',
    facts: { name: 'mcp-remote', ecosystem: 'npm', pinned: true, installed, wouldRun: 0, why: '' },
  }
}

/** A package in a state that nothing can be said against. */
export function pkg(name: string, version: string, more: Partial<Package> = {}): Package {
  return {
    name,
    version,
    path: `node_modules/${name}`,
    direct: name === 'mcp-remote',
    licence: 'MIT',
    installScripts: [],
    engines: null,
    recorded: { version, integrity: sum(name), from: 'registry.example' },
    ...more,
  }
}

export function health(
  packages: Package[],
  more: Partial<Facts<'dependency-health'>> = {},
  copy: Partial<Copy> = {},
): Seen<'dependency-health'> {
  const copies = [{ root, wouldRun: true, lockfile: 'read' as const, packages, problems: [], ...copy }]
  return { state: 'seen', facts: { copies, runtimes: [], runtimesLimit: null, ...more } }
}

/** A package as a registry lists it that passes on signatures, true dates and people. */
export function listed(name: string, versions: Partial<Version>[], more: Partial<Listed> = {}): Listed {
  return {
    name,
    state: 'listed',
    distTags: {},
    maintainers: { now: ['ada', 'bob'], since: [{ from: versions[0]?.version ?? '', names: ['ada'] }] },
    versions: versions.map((one, index) => ({
      version: '',
      engines: null,
      deprecated: false,
      publishedAt: `202${4 + index}-05-01T10:00:00Z`,
      integrity: sum(name),
      signed: true,
      ...one,
    })),
    ...more,
  }
}
type Listed = Facts<'registry'>['packages'][number]

export function registry(...packages: Listed[]): Seen<'registry'> {
  return { state: 'seen', facts: { source: 'https://registry.example', asked: 'live', packages, failed: [] } }
}

export const notAsked: Seen<'registry'> = {
  state: 'unavailable',
  code: 'not-consented',
  reason: 'the registry is asked only with --online, and no packument is imported',
}

type Resembling = Facts<'name-resemblance'>['resembling'][number]

/** Two names held against the known ones, with those that pass for another. */
export function named(
  ...resembling: Omit<Resembling, 'ecosystem' | 'direct'>[]
): Seen<'name-resemblance'> & { state: 'seen' } {
  const found = resembling.map((one) => ({ ecosystem: 'npm' as const, direct: true, ...one }))
  return { state: 'seen', facts: { judged: 2, known: 130, resembling: found } }
}
