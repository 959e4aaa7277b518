import type { DeclaredServer, SafeValue } from '@upkeep/contract/observations/declared-server'
import { entryChanges } from '@upkeep/domain/changes/entry-change'
import type { EntryFile } from '@upkeep/domain/client-edits/entry-file'
import { clientList } from '@upkeep/domain/client-formats/client-list'
import { declareServer } from '@upkeep/domain/client-formats/declare-server'
import type { PlacedEntry } from '@upkeep/domain/client-formats/raw-entry'

/** An entry as it is and as it shall be again; `before` is null where it is not there now. */
export interface Between {
  file: EntryFile
  before: PlacedEntry | null
  after: PlacedEntry
  fingerprint: (text: string) => string
}

/** Which parts of an entry somebody wrote since: they are lost. Names, and nothing of what stands there. */
export function lostLines(server: string, between: Between): string[] {
  const { before, after } = declared(between)
  if (before === null) return []
  const parts = entryChanges([before], [after]).flatMap((change) =>
    change.kind !== 'changed'
      ? []
      : Object.entries(change.was).flatMap(([part, value]) =>
          part === 'env' || part === 'headers' ? named(part, value, change.is[part]) : [part],
        ),
  )
  const shown = [...new Set(parts)].slice(0, 50)
  return shown.length === 0 ? [] : [`${server}: what was written since is lost: ${shown.join(', ')}`]
}

function named(part: string, ...values: unknown[]): string[] {
  const names = values.flatMap((value) => Object.keys(Object(value)))
  return [...new Set(names)].sort().map((name) => `${part} ${name}`)
}

/** Secrets in plain text that come back: one that was moved or replaced since stands there again. */
export function secretLines(server: string, between: Between): string[] {
  const { before, after } = declared(between)
  const now = new Set(before === null ? [] : secretsOf(before).map(([, print]) => print))
  const back = secretsOf(after).flatMap(([where, print]) => (now.has(print) ? [] : [where]))
  if (back.length === 0) return []
  return [`${server}: a secret of then stands in plain text again, and may be old or moved since: ${back.join(', ')}`]
}

function secretsOf({ env, headers, args, urlSecrets }: DeclaredServer): [where: string, print: string][] {
  const all = [
    ...Object.entries(env).map(([name, value]) => [`env ${name}`, value] as const),
    ...Object.entries(headers).map(([name, value]) => [`header ${name}`, value] as const),
    ...urlSecrets.map(({ where, value }) => [`address (${where})`, value] as const),
    ...args.map((value, index) => [`argument ${index + 1}`, value] as const),
  ]
  return all.flatMap(([where, value]) => (isSecret(value) ? [[where, value.fingerprint]] : []))
}

function isSecret(value: SafeValue): value is Extract<SafeValue, { kind: 'hidden' }> {
  return value.kind === 'hidden' && value.secret !== 'none'
}

/** What the client keeps of an entry in another place of the file: lists of what is off, or of what is called without asking. */
export function elsewhereLines(server: string, { before, after }: Between): string[] {
  const own = (places: PlacedEntry['places'], path: readonly (string | number)[] | undefined) =>
    path !== undefined && places.at.every((step, index) => path[index] === step)
  const { switch: off, approvals } = after.places
  const isOff = off !== null && !own(after.places, off.path) && before?.disabled !== after.disabled
  const tools = (entry: PlacedEntry | null) => [...(entry?.autoApprove ?? [])].sort().join('\0')
  const isApproved = approvals !== null && !own(after.places, approvals.path) && tools(before) !== tools(after)
  return [
    ...(isOff ? [`${server}: whether it is off stands elsewhere in the file, and stays as it is`] : []),
    ...(isApproved
      ? [`${server}: what is called without asking stands elsewhere in the file, and stays as it is`]
      : []),
  ]
}

function declared({ file, before, after, fingerprint }: Between) {
  const { client, location, path } = file
  const expands = clientList.find((one) => one.client === client)?.expands ?? []
  const place = { client, scope: location.scope, path, project: null, expands }
  const one = (entry: PlacedEntry) => declareServer(entry, place, fingerprint)
  return { before: before === null ? null : one(before), after: one(after) }
}
