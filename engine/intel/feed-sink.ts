import type { Facts } from '@upkeep/contract'

export type Feed = Facts<'advisories'>['feeds'][number]
export type Advisory = Facts<'advisories'>['records'][number]
export type FeedForm = Feed['form']

/** An advisory as the index keeps it: what follows from other feeds is added when it is looked up. */
export type KeptAdvisory = Omit<Advisory, 'exploitation' | 'conflicts' | 'feed'>

/** What a source says of a vulnerability without naming a package that can be matched: kept to be shown beside the others. */
export interface Statement {
  record: string
  severity: Advisory['severity']
  fixed: readonly string[]
  summary: string
}

/** A sign of exploitation, under the CVE that it is about. */
export type Signal =
  | { kind: 'kev'; facts: { dateAdded: string; dueDate: string | null; ransomware: boolean | null } }
  | { kind: 'epss'; facts: { score: number; percentile: number } }
  | { kind: 'ssvc'; facts: NonNullable<Advisory['exploitation']['ssvc']> }

/** A thing that a feed names as a sign of an attack. */
export interface Indicator {
  type: 'package' | 'domain' | 'url' | 'ip' | 'sha256'
  value: string
  says: string
}

/** Where an adapter puts what it reads, record by record. Every record goes to exactly one of the first six. */
export interface FeedSink {
  advisory(advisory: KeptAdvisory): void
  statement(names: readonly string[], statement: Statement): void
  signal(cve: string, signal: Signal): void
  indicator(indicator: Indicator): void
  reject(record: string, reason: string): void
  /** `until` is the day from which a record dated ahead may be believed. */
  quarantine(record: string, reason: string, until?: string): void
  /** The day or moment that the feed, or a record of it, was last changed. */
  dated(instant: string): void
  /** What keeps the whole feed from being believed. */
  problem(reason: string): void
}

/** What an adapter is told besides the document. */
export interface ReadContext {
  /** The document's name inside its feed. */
  name: string
  /** The newest moment that a record may bear: a little after now, since clocks differ. */
  latest: string
}

/** Clocks differ; a record from tomorrow is odd, one from next week is not to be believed. */
const aheadDays = 2

/** The newest moment that a record may bear when it is read at `at`. */
export function latestBelieved(at: string): string {
  return new Date(Date.parse(at) + aheadDays * 86_400_000).toISOString()
}
