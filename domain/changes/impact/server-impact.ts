import type { ServerImpact } from '@upkeep/contract/impact-sheet'
import { printable } from '../../printable.ts'
import { compareDeclared } from '../../server-diff/compare-declared.ts'
import { compareSurfaces } from '../../tool-surface/compare-surfaces.ts'
import { fingerprintOf } from '../../tool-surface/meaning.ts'
import type { ServerModel } from './server-model.ts'

const most = 2_000
type Delta = { added: string[]; removed: string[] }

/** Which advisories hold for what a server would run. */
export type Advised = (model: ServerModel) => readonly string[]

/** What a change means for one server; null where it means nothing for it. */
export function serverImpact(was: ServerModel | null, is: ServerModel | null, advised: Advised): ServerImpact | null {
  const model = is ?? was
  if (model === null) return null
  const { declared } = model
  const entry = was === null || is === null ? [] : compareDeclared(was.declared, is.declared)
  // Where nothing is installed on either side, an entry that starts something else is all that tells.
  const told = was?.starts == null && entry.some(({ layer }) => layer === 'start' || layer === 'environment')
  const runsAnew = was === null || is === null || was.starts !== is.starts || told
  if (!runsAnew && entry.length === 0) return null
  const list = (of: (model: ServerModel) => readonly string[]) =>
    delta(was === null ? [] : of(was), is === null ? [] : of(is))
  return {
    server: printable(declared.name),
    client: declared.client,
    path: declared.path,
    is: was === null ? 'added' : is === null ? 'removed' : 'changed',
    surface: surfaceDelta(was, is, runsAnew),
    entry: entry.slice(0, 500).map(({ at, was, is }) => ({ at: cut(at), was: cut(was), is: cut(is) })),
    roots: list(({ integrations }) => integrations?.dataRoots ?? []),
    variables: list(({ declared }) => Object.keys(declared.env)),
    unasked: list(({ declared }) => declared.autoApprove),
    egress: list(hostsOf),
    listeners: list(({ attempts }) => targetsOf(attempts, 'listen')),
    components: componentsDelta(was, is),
    runtime: { was: runtimeOf(was), is: runtimeOf(is) },
    advisories: advisoriesDelta(was === null ? [] : advised(was), is === null ? [] : advised(is)),
  }
}

function surfaceDelta(was: ServerModel | null, is: ServerModel | null, runsAnew: boolean): ServerImpact['surface'] {
  if (!runsAnew) return { state: 'not-touched' }
  const unlisted = [was, is].find((one) => one !== null && one.surface === null)
  if (unlisted != null) {
    const which = unlisted === was ? 'before' : 'after'
    return { state: 'unknown', reason: cut(`what it offers ${which} the change was not seen: ${unlisted.unlisted}`) }
  }
  const [before, now] = [was?.surface ?? empty, is?.surface ?? empty]
  const changes = compareSurfaces(before, now).slice(0, most)
  return {
    state: 'compared',
    was: before.tools?.length ?? null,
    is: now.tools?.length ?? null,
    ...(is?.surface == null ? {} : { fingerprint: fingerprintOf(is.surface) }),
    changes: changes.map(({ kind, of, path, was, is }) => ({
      kind,
      of: of === null ? null : cut(of),
      path: cut(path),
      was: cut(was),
      is: cut(is),
    })),
  }
}

const empty = { instructions: null, tools: [], prompts: [], resources: [], templates: [] }

function hostsOf({ integrations, attempts }: ServerModel): string[] {
  const declared = (integrations?.destinations ?? []).map(
    ({ host, title }) => host ?? title ?? 'a vendor without a host',
  )
  return [...declared, ...targetsOf(attempts, 'connect')]
}

function targetsOf(attempts: ServerModel['attempts'], kind: string): string[] {
  return (attempts ?? []).flatMap(({ what, target }) => (what === kind ? [target] : []))
}

function componentsDelta(was: ServerModel | null, is: ServerModel | null): ServerImpact['components'] {
  const [before, now] = [componentsOf(was), componentsOf(is)]
  if (before === null || now === null)
    return { unknown: `which packages it runs ${before === null ? 'before' : 'after'} the change is not known` }
  return delta(before, now)
}

/** Null where what would run is not known. */
function componentsOf(model: ServerModel | null): string[] | null {
  if (model === null) return []
  const copy = copyOf(model)
  return copy === null ? null : copy.components.map(({ name, version }) => `${name}@${version ?? 'unknown'}`)
}

function copyOf({ resolved }: ServerModel) {
  return resolved?.wouldRun == null ? null : (resolved.installed[resolved.wouldRun] ?? null)
}

function runtimeOf(model: ServerModel | null): string | null {
  const engines = model === null ? null : (copyOf(model)?.engines ?? null)
  return engines === null ? null : cut(engines)
}

function advisoriesDelta(was: readonly string[], is: readonly string[]): ServerImpact['advisories'] {
  const { added, removed } = delta(was, is)
  return { closed: removed, opened: added, left: is.filter((one) => was.includes(one)).toSorted() }
}

function delta(was: readonly string[], is: readonly string[]): Delta {
  const [before, now] = [new Set(was), new Set(is)]
  const only = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
    [...one]
      .filter((text) => !other.has(text))
      .map(cut)
      .sort()
      .slice(0, most)
  return { added: only(now, before), removed: only(before, now) }
}

function cut(text: string): string {
  return printable(text, { maxLength: 900 })
}
