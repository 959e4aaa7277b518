import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Facts, UnavailableCode } from '@upkeep/contract'
import type { FleetPackage } from '@upkeep/domain/fleet-packages'
import { packageKey } from '@upkeep/domain/purl'
import { type ReadRecord, readRecord } from './osv-record.ts'
import { scanRecord, wantedNames } from './record-scan.ts'

export type Feed = Facts<'advisories'>['feeds'][number]
export type Advisory = Facts<'advisories'>['records'][number]

/** What one feed came to. `code` is there when nothing of it could be read. */
export interface FeedReading {
  feed: Feed
  records: Advisory[]
  code: UnavailableCode | null
}

/** The packages looked for, in the forms that scanning and matching need. */
export interface Wanted {
  names: ReadonlySet<string>
  keys: ReadonlySet<string>
}

export function wantedFrom(packages: readonly FleetPackage[]): Wanted {
  return { names: wantedNames(packages), keys: new Set(packages.map((one) => packageKey(one.ecosystem, one.name))) }
}

/** A dump of a whole ecosystem has more records than this; a smaller selection of it never does. */
const fewestOfWhole = 10_000
const maxRejectedListed = 50
const recordsPerTurn = 1_000

/** Keeps count while a feed is read, record by record. */
export class FeedTally {
  readonly records: Advisory[] = []
  private readonly rejected: { record: string; reason: string }[] = []
  private readonly perEcosystem = new Map<string, number>()
  private newest: string | null = null
  private seen = 0
  private readonly id: string
  private readonly wanted: Wanted

  constructor(id: string, wanted: Wanted) {
    this.id = id
    this.wanted = wanted
  }

  /** Takes one record's bytes, or why they could not be had. */
  take(record: string, bytes: Uint8Array | string): void {
    this.seen += 1
    if (typeof bytes === 'string') this.reject(record, bytes)
    else this.look(record, bytes)
  }

  private look(record: string, bytes: Uint8Array): void {
    const scan = scanRecord(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), this.wanted.names)
    for (const name of scan.ecosystems) this.perEcosystem.set(name, (this.perEcosystem.get(name) ?? 0) + 1)
    if (scan.modified !== null && scan.modified > (this.newest ?? '')) this.newest = scan.modified
    if (scan.relevant) this.keep(record, readRecord(bytes, this.wanted.keys, this.id))
  }

  private keep(record: string, read: ReadRecord): void {
    if (read.state === 'rejected') this.reject(record, read.reason)
    if (read.state === 'advisory') this.records.push(read.advisory)
  }

  private reject(record: string, reason: string): void {
    this.rejected.push({ record: record.slice(-200), reason })
  }

  /** Lets others run now and then; true when the reading has to stop. */
  async pause(signal: { readonly aborted: boolean }): Promise<boolean> {
    if (this.seen % recordsPerTurn === 0) await nextTurn()
    return signal.aborted
  }

  /** The ecosystems of which so many records came by that the feed is taken for all of them. */
  wholeEcosystems(): string[] {
    return [...this.perEcosystem].flatMap(([name, count]) => (count > fewestOfWhole ? [name] : [])).sort()
  }

  private problemOf(said: string | undefined): { problem?: string } {
    if (said !== undefined) return { problem: said }
    if (this.seen === 0) return { problem: 'it holds no record' }
    return this.rejected.length === this.seen ? { problem: 'none of its records is an OSV record' } : {}
  }

  reading(about: { source: string; digest: string; complete: readonly string[]; problem?: string }): FeedReading {
    const more = this.rejected.length - maxRejectedListed
    const rejected = this.rejected.slice(0, maxRejectedListed)
    if (more > 0) rejected.push({ record: `${more} more`, reason: 'rejected too, not listed' })
    const feed: Feed = {
      id: this.id,
      source: about.source,
      digest: about.digest,
      records: this.seen,
      rejected,
      newest: this.newest,
      coverage: about.complete.length > 0 ? 'complete' : 'selected',
      ecosystems: [...about.complete],
      ...this.problemOf(about.problem),
    }
    return { feed, records: [...this.records].sort((a, b) => (a.id < b.id ? -1 : 1)), code: null }
  }
}

/** A feed of which nothing could be read. */
export function unreadable(id: string, code: UnavailableCode, reason: string): FeedReading {
  const nothing = { digest: '', records: 0, rejected: [], newest: null, coverage: 'selected', ecosystems: [] } as const
  return { feed: { ...nothing, id, source: id, problem: reason, rejected: [], ecosystems: [] }, records: [], code }
}
