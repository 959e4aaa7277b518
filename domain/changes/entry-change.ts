import type { EntryChange, EntryParts } from '@upkeep/contract/entry-change'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { canonicalJson } from '../canonical-json.ts'
import { isRecord } from '../is-record.ts'

const whole = ['transport', 'command', 'args', 'url', 'urlSecrets', 'cwd', 'disabled', 'autoApprove', 'launch'] as const
const byName = ['env', 'headers', 'other'] as const

/** What becomes of the entries of a file, by what it declares before and after; those that stay as they are are left out. */
export function entryChanges(before: readonly DeclaredServer[], after: readonly DeclaredServer[]): EntryChange[] {
  const was = byKey(before)
  const is = byKey(after)
  const keys = [...new Set([...was.keys(), ...is.keys()])].sort()
  return keys.flatMap((key): EntryChange[] => {
    const [one, other] = [was.get(key), is.get(key)]
    const declared = one ?? other
    if (declared === undefined) return []
    const named = { path: declared.path, server: declared.name, project: declared.project }
    if (other === undefined) return [{ kind: 'removed', ...named }]
    if (one === undefined) return [{ kind: 'added', ...named, is: other }]
    const parts = differingParts(one, other)
    return Object.keys(parts.is).length === 0 ? [] : [{ kind: 'changed', ...named, ...parts }]
  })
}

/** Two entries of one name in one place cannot be told apart: neither is told of. */
function byKey(declared: readonly DeclaredServer[]): Map<string, DeclaredServer> {
  const groups = Map.groupBy(declared, ({ path, name, project }) => JSON.stringify([path, name, project]))
  return new Map([...groups].flatMap(([key, [one, ...others]]) => (one && others.length === 0 ? [[key, one]] : [])))
}

function differingParts(one: DeclaredServer, other: DeclaredServer): { was: EntryParts; is: EntryParts } {
  const [was, is]: [EntryParts, EntryParts] = [{}, {}]
  for (const part of whole) {
    if (isSame(one[part], other[part])) continue
    Object.assign(was, { [part]: one[part] })
    Object.assign(is, { [part]: other[part] })
  }
  for (const part of byName) {
    const names = new Set([...Object.keys(one[part]), ...Object.keys(other[part])])
    const differing = [...names].filter((name) => !isSame(own(one[part], name), own(other[part], name))).sort()
    if (differing.length === 0) continue
    Object.assign(was, { [part]: only(one[part], differing) })
    Object.assign(is, { [part]: only(other[part], differing) })
  }
  return { was, is }
}

/** A name may be `__proto__`. */
function own(map: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(map, name) ? map[name] : undefined
}

function only(map: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([name]) => names.includes(name)))
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (one !== undefined && other !== undefined && canonicalJson(one) === canonicalJson(other))
}

/**
 * A state as a change leaves it: each part that is as the change found it becomes what the change made of it. A part that is otherwise stays:
 * somebody else wrote it, and the change authorises nothing of it.
 */
export function withDifference<State extends object>(
  state: State,
  { was, is }: { was: PartsOf<State>; is: PartsOf<State> },
): State {
  const after: State = { ...state }
  for (const part of Object.keys(is).filter(isPartOf(state))) {
    const [now, before, made] = [state[part], was[part], is[part]]
    if (!isByName(part)) Object.assign(after, isSame(now, before) ? { [part]: made } : {})
    else Object.assign(after, { [part]: withNames(recordOf(now), recordOf(before), recordOf(made)) })
  }
  return after
}

/** Some of the parts of a state. */
type PartsOf<State> = { readonly [Part in keyof State]?: State[Part] | undefined }

function isPartOf<State extends object>(state: State): (part: string) => part is keyof State & string {
  return (part): part is keyof State & string => Object.hasOwn(state, part)
}

function isByName(part: string): boolean {
  return (byName as readonly string[]).includes(part)
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}

function withNames(
  now: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, unknown>>,
  made: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const after = new Map(Object.entries(now))
  for (const name of new Set([...Object.keys(before), ...Object.keys(made)])) {
    if (!isSame(own(now, name), own(before, name))) continue
    const value = own(made, name)
    if (value === undefined) after.delete(name)
    else after.set(name, value)
  }
  return Object.fromEntries([...after].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Whether a change finds the arguments as they were when it was planned, or leaves them alone. */
export function fitsArguments<State extends { args: unknown }>(state: State, was: { args?: unknown }): boolean {
  return was.args === undefined || isSame(state.args, was.args)
}

/** An entry of which only some parts are known: every other is as where nothing stands. */
export function wholeEntry(parts: EntryParts, { path, server, project }: Named): DeclaredServer {
  return {
    client: 'claude-desktop',
    scope: 'user',
    path,
    name: server,
    project,
    transport: parts.transport ?? 'unknown',
    command: parts.command ?? null,
    args: parts.args ?? [],
    env: parts.env ?? {},
    url: parts.url ?? null,
    urlSecrets: parts.urlSecrets ?? [],
    headers: parts.headers ?? {},
    cwd: parts.cwd ?? null,
    disabled: parts.disabled ?? false,
    autoApprove: parts.autoApprove ?? [],
    launch: parts.launch ?? { via: 'shell' },
    other: parts.other ?? {},
  }
}

type Named = Pick<EntryChange, 'path' | 'server' | 'project'>
