import type { LockedServer, LockedValue } from '@upkeep/contract/lock-file'
import { printable } from '../printable.ts'
import { compareShown, type Difference, nothing } from '../server-diff/difference.ts'

/** How a server differs from its lock, and what of it one of the two does not know. */
export interface LockComparison {
  differences: (Difference | ToolsDifference)[]
  notCompared: { what: string; why: string }[]
}
type ToolsDifference = Omit<Difference, 'layer'> & { layer: 'tools' }

/** Which entry of which file a lock speaks of: the same on every machine. */
export function lockKey({ client, file, project, name }: LockedServer): string {
  return JSON.stringify([client, file, project, name])
}

/** Compares by meaning: the order of arguments is meaning, that of names is none. What is null on one side was not seen there. */
export function compareLocked(was: LockedServer, is: LockedServer): LockComparison {
  const inside = was.package !== null && is.package !== null ? comparePackages(was.package, is.package) : nowhere
  const differences = [
    ...compareEntries(was, is),
    ...inside.differences,
    ...(was.mode === null || is.mode === null ? [] : compareShown('permissions', 'mode', was.mode, is.mode)),
    ...compareSurfaces(was, is),
  ]
  const tools = was.surface !== null && is.surface === null ? [unseen('tools', 'nobody listed them here')] : []
  return { differences, notCompared: [...inside.notCompared, ...tools] }
}

const nowhere: LockComparison = { differences: [], notCompared: [] }

/** Only what the file of the client says. */
export function compareEntries(was: LockedServer, is: LockedServer): Difference[] {
  const args = Array.from({ length: Math.max(was.args.length, is.args.length) }, (_, at) =>
    compareShown('start', `args[${at}]`, shown(was.args[at]), shown(is.args[at])),
  )
  return [
    ...compareShown('start', 'transport', was.transport, is.transport),
    ...compareShown('start', 'command', shown(was.command), shown(is.command)),
    ...compareShown('start', 'url', shown(was.url), shown(is.url)),
    ...compareShown('start', 'cwd', shown(was.cwd), shown(is.cwd)),
    ...args.flat(),
    ...compareShown('environment', 'variables', list(was.env), list(is.env)),
    ...compareShown('environment', 'headers', list(was.headers), list(is.headers)),
    ...compareShown('consent', 'tools called without asking', list(was.autoApprove), list(is.autoApprove)),
    ...compareShown('settings', 'disabled', String(was.disabled), String(is.disabled)),
  ]
}

type Package = NonNullable<LockedServer['package']>

function comparePackages(was: Package, is: Package): LockComparison {
  if (was.name !== is.name || was.ecosystem !== is.ecosystem)
    return { ...nowhere, differences: compareShown('version', 'package', was.name, is.name) }
  if (was.version === null) return nowhere
  if (is.version === null)
    return { ...nowhere, notCompared: [unseen('version and bytes', 'what would be started is not known here')] }
  const version = compareShown('version', was.name, was.version, is.version)
  if (version.length > 0) return { ...nowhere, differences: version }
  const bytes = [bytesOf('integrity', was, is), bytesOf('tree', was, is)].filter((one) => one !== null)
  return {
    differences: bytes.flatMap((one) => one.differences).slice(0, 1),
    notCompared: bytes.flatMap((one) => one.notCompared),
  }
}

function bytesOf(part: 'integrity' | 'tree', was: Package, is: Package): LockComparison | null {
  const [before, now] = [was[part], is[part]]
  if (before === null) return null
  const at = part === 'integrity' ? `files of ${was.name}` : `files of ${was.name} and of what it needs`
  if (now === null) return { ...nowhere, notCompared: [unseen(at, 'they could not be read whole')] }
  const words = (digest: string) => `${was.version}, bytes ${digest.slice(0, 12)}`
  return { ...nowhere, differences: compareShown('bytes', at, words(before), words(now)) }
}

function compareSurfaces(was: LockedServer, is: LockedServer): ToolsDifference[] {
  if (was.surface === null || is.surface === null || was.surface === is.surface) return []
  const words = (digest: string) => `meaning ${digest.slice(0, 12)}`
  return [{ layer: 'tools', at: 'what it offers to models', was: words(was.surface), is: words(is.surface) }]
}

function unseen(what: string, why: string) {
  return { what, why }
}

function shown(value: LockedValue | null | undefined): string {
  if (value === null || value === undefined) return nothing
  if (typeof value !== 'string') return `hidden value (${printable(value.hidden)})`
  return value === '' ? 'an empty value' : printable(value, { maxLength: value.length })
}

function list(names: readonly string[]): string {
  return names.length === 0 ? nothing : shown([...names].sort().join(', '))
}
