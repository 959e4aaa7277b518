import type { LockedServer, LockedValue } from '@upkeep/contract/lock-file'
import type { DeclaredServer, SafeValue } from '@upkeep/contract/observations/declared-server'
import type { Installation, ResolvedPackage } from '@upkeep/contract/observations/resolved-package'
import { dataRootsIn } from '../integrations/data-roots.ts'
import { fingerprintOf, type ListedSurface } from '../tool-surface/meaning.ts'
import { type LockFolders, portable } from './lock-paths.ts'

/** What was seen of one server; null parts were not seen. */
export interface SeenServer {
  declared: DeclaredServer
  resolved: ResolvedPackage | null
  mode: string | null
  surface: ListedSurface | null
}

/** The server as a lock says it, the same on every machine that has it alike. */
export function lockServer({ declared, resolved, mode, surface }: SeenServer, folders: LockFolders): LockedServer {
  const local = (text: string) => portable(text, folders)
  const value = (one: SafeValue) => lockedValue(one, local)
  return {
    client: declared.client,
    scope: declared.scope,
    file: local(declared.path),
    project: declared.project === null ? null : local(declared.project),
    name: declared.name,
    transport: declared.transport,
    command: declared.command === null ? null : value(declared.command),
    args: declared.args.map(value),
    url: declared.url,
    cwd: declared.cwd === null ? null : local(declared.cwd),
    disabled: declared.disabled,
    package: resolved === null ? null : lockedPackage(resolved),
    surface: surface === null || surface.tools === null ? null : fingerprintOf(surface),
    roots: dataRootsIn(declared).map(local),
    env: Object.keys(declared.env).sort(),
    headers: [...Object.keys(declared.headers), ...declared.urlSecrets.map(({ where }) => where)].sort(),
    autoApprove: [...declared.autoApprove].sort(),
    mode,
  }
}

function lockedValue(value: SafeValue, local: (text: string) => string): LockedValue {
  if (value.kind === 'empty') return ''
  if (value.kind === 'hidden')
    return { hidden: `${value.prefix === undefined ? '' : `${value.prefix}=`}${value.secret}` }
  return local(value.text)
}

function lockedPackage(resolved: ResolvedPackage): LockedServer['package'] {
  const { ecosystem, name, pinned, wouldRun, installed } = resolved
  if (ecosystem === 'none') return null
  const copy = wouldRun === null ? undefined : installed[wouldRun]
  const own = copy?.components.find((one) => one.name === name && one.version === copy.version)
  return {
    ecosystem,
    name,
    pinned,
    version: copy?.version ?? null,
    integrity: digestOrNull(own?.digest),
    tree: digestOrNull(wholeTree(copy)),
  }
}

/** Part of a tree is no tree: what could not be read would be approved unseen. */
function wholeTree(copy: Installation | undefined): string | null {
  return copy === undefined || copy.problems.length > 0 ? null : copy.digest
}

function digestOrNull(digest: string | null | undefined): string | null {
  return digest !== null && digest !== undefined && /^[0-9a-f]{64}$/.test(digest) ? digest : null
}
