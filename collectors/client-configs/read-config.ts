import { fileSubject, type Observation, serverSubject } from '@upkeep/contract'
import type { ClientConfig } from '@upkeep/contract/observations/client-config'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { Refusal } from '@upkeep/contract/ports'
import type { Denies } from '@upkeep/domain/client-formats/claude-managed'
import type { ConfigLocation, EntriesRead } from '@upkeep/domain/client-formats/client-format'
import type { LookedAt } from '@upkeep/domain/client-formats/config-paths'
import { declareAll } from '@upkeep/domain/client-formats/declare-server'
import { entryLines } from '@upkeep/domain/client-formats/entry-lines'
import { parseText } from '@upkeep/domain/client-formats/parse-text'
import { type Fingerprint, safeName } from '@upkeep/domain/redaction/safe-value'

/** What one file came to. `urls` are the URLs as they are written: they stay in the collector, to be compared and dropped. */
export interface ConfigRead {
  observations: readonly Observation<'client-config' | 'declared-server'>[]
  urls: readonly string[]
}

/** What reading takes: how secrets are compared, and which entries their client starts for nobody. */
export interface ReadWith {
  fingerprint: Fingerprint
  denies: Denies
}

/** Turns the bytes of a client's file into what may be stored of it. */
export function readConfig(looked: LookedAt, bytes: Uint8Array, { fingerprint, denies }: ReadWith): ConfigRead {
  const text = decode(bytes)
  if (text === null) return refusedRead(looked.path, 'malformed', 'the text is not UTF-8')
  const parsed = parseText(text, looked.location.format, looked.location.keep)
  if (parsed.state === 'refused') return refusedRead(looked.path, parsed.code, parsed.reason)
  const read = withDenied(looked.location.read(parsed.tree, looked.path), denies)
  const problems = [...parsed.problems, ...read.problems]
  const names = [...read.entries, ...read.broken].map(({ name }) => name)
  const facts: ClientConfig = {
    ...whereOf(looked, looked.location),
    bytes: bytes.length,
    servers: names.map((name) => safeName(name, 'free', fingerprint)),
    ...linesOf(text, names, looked, fingerprint),
    problems: problems.slice(0, 100),
  }
  return {
    observations: [
      { kind: 'client-config', subject: fileSubject(looked.path), state: 'seen', facts },
      ...unique(declared(looked, read, fingerprint)),
    ],
    urls: read.entries.flatMap(({ url, command }) => (url !== null && command === null ? [url] : [])),
  }
}

/** What its client starts for nobody is switched off, whatever its entry says. */
function withDenied(read: EntriesRead, denies: Denies): EntriesRead {
  return { ...read, entries: read.entries.map((entry) => (denies(entry) ? { ...entry, disabled: true } : entry)) }
}

function linesOf(text: string, names: readonly string[], { location }: LookedAt, fingerprint: Fingerprint) {
  const lines = entryLines(text, names, location.format)
  if (lines.size === 0) return {}
  return { lines: Object.fromEntries([...lines].map(([name, line]) => [safeName(name, 'free', fingerprint), line])) }
}

function whereOf({ client, path }: LookedAt, { scope, format }: ConfigLocation) {
  return { client: client.client, scope, path, format }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

function refusedRead(path: string, code: Refusal['code'], reason: string): ConfigRead {
  return { observations: [unavailableConfig(path, { state: 'unavailable', code, reason })], urls: [] }
}

export function unavailableConfig(path: string, { code, reason }: Refusal): Observation<'client-config'> {
  return { kind: 'client-config', subject: fileSubject(path), state: 'unavailable', code, reason }
}

function declared(
  looked: LookedAt,
  read: EntriesRead,
  fingerprint: Fingerprint,
): readonly Observation<'declared-server'>[] {
  const { client, path } = looked
  const seen = declareAll(looked, read.entries, fingerprint).map((facts, index) =>
    seenServer(facts, read.entries[index]?.project != null),
  )
  const broken = read.broken.map(({ name, reason, code }): Observation<'declared-server'> => {
    const subject = serverSubject(client.client, path, safeName(name, 'free', fingerprint))
    return { kind: 'declared-server', subject, state: 'unavailable', code: code ?? 'malformed', reason }
  })
  return [...seen, ...broken]
}

/** A user's file may hold one name for several projects: the project is then part of the id. */
export function seenServer(facts: DeclaredServer, isOfProject: boolean): Observation<'declared-server'> {
  const path = isOfProject ? `${facts.path}#${facts.project}` : facts.path
  return { kind: 'declared-server', subject: serverSubject(facts.client, path, facts.name), state: 'seen', facts }
}

/** Lists may hold a name twice; the second one gets a number, so that neither hides the other. */
function unique(observations: readonly Observation<'declared-server'>[]): readonly Observation<'declared-server'>[] {
  const counts = new Map<string, number>()
  return observations.map((observation) => {
    const count = (counts.get(observation.subject.id) ?? 0) + 1
    counts.set(observation.subject.id, count)
    if (count === 1) return observation
    return { ...observation, subject: { ...observation.subject, id: `${observation.subject.id} (${count})` } }
  })
}
