import type { DatabaseSync } from 'node:sqlite'
import { UnavailableCode } from '@upkeep/contract'
import { AdvisoryFeed } from '@upkeep/contract/observations/advisories'
import { distributionOf, knownDistribution } from '@upkeep/domain/versions/distribution'
import { z } from 'zod'
import type { SignatureState } from './feed-signature.ts'
import type { Feed, FeedForm } from './feed-sink.ts'
import { type FormCount, severalKinds } from './several-kinds.ts'

/** A feed's facts as its index keeps them: age is judged when it is looked up. */
export type KeptFeed = Omit<Feed, 'maxAgeDays' | 'stale'>
const KeptFeed = AdvisoryFeed.omit({ maxAgeDays: true, stale: true })

/** One row for a feed: its facts, why nothing of it could be read, and what it was read from. */
export interface FeedRow {
  facts: KeptFeed
  code: UnavailableCode | null
  stamp: string
  /** The day from which a record that was dated ahead may be believed. */
  ahead: string | null
}

/** A dump of a whole ecosystem has more records than this; a smaller selection of it never does. Some ecosystems are small as a whole. */
const fewestOfWhole = 10_000
const fewestOfSmall = new Map([
  ['Go', 5_000],
  ['Alpine', 3_000],
  ['Wolfi', 2_500],
  ['Chainguard', 4_000],
])
const maxListed = 50
const maxUnread = 20

const Row = z.object({
  facts: z.string(),
  code: z.string().nullable(),
  stamp: z.string(),
  ahead: z.string().nullable(),
})

/** Reads a feed's own row. */
export function readFeedRow(database: DatabaseSync): FeedRow {
  const row = Row.parse(database.prepare('select facts, code, stamp, ahead from feed').get())
  const facts = KeptFeed.parse(JSON.parse(row.facts))
  return { ...row, facts, code: row.code === null ? null : UnavailableCode.parse(row.code) }
}

/** Writes a feed's own row in place of the one before. */
export function writeFeedRow(database: DatabaseSync, { facts, code, stamp, ahead }: FeedRow): void {
  database.exec('delete from feed')
  database
    .prepare('insert into feed (facts, code, stamp, ahead) values (?, ?, ?, ?)')
    .run(JSON.stringify(facts), code, stamp, ahead)
}

/** What a feed is called and how much of it there may be, as far as its pieces do not tell. */
export interface AboutFeed {
  id: string
  source: string
  digest: string
  /** True where a large count stands for a whole ecosystem. */
  mayBeWhole: boolean
  problems: readonly string[]
  /** Names of files in it that are not read. */
  unread?: readonly string[] | undefined
  signature?: SignatureState | undefined
}

const Sums = z.object({
  records: z.int(),
  rejected: z.int(),
  quarantined: z.int(),
  newest: z.string().nullable(),
})

/** Adds up what the pieces of a feed came to. */
export function factsFromPieces(
  database: DatabaseSync,
  about: AboutFeed,
): { facts: KeptFeed; code: 'malformed' | null } {
  const sums = Sums.parse(
    database
      .prepare(
        'select ifnull(sum(records), 0) records, ifnull(sum(rejected), 0) rejected, ifnull(sum(quarantined), 0) quarantined, max(newest) newest from tally',
      )
      .get(),
  )
  const forms = formsIn(database)
  const form = forms[0]?.form ?? 'unknown'
  const ecosystems = about.mayBeWhole && form === 'osv' ? wholeEcosystems(database) : []
  const problem = about.problems[0] ?? problemSaid(database) ?? emptiness(sums) ?? severalKinds(forms)
  const whole = ecosystems.length > 0 || ((form === 'kev' || form === 'epss') && problem === null)
  const facts: KeptFeed = {
    id: about.id,
    source: about.source,
    digest: about.digest,
    form,
    records: sums.records,
    rejected: issues(database, 'rejected', sums.rejected),
    quarantined: issues(database, 'quarantined', sums.quarantined),
    newest: sums.newest,
    coverage: whole ? 'complete' : 'selected',
    ecosystems,
    ...unreadNames(about.unread ?? []),
    ...(about.signature === undefined ? {} : { signature: about.signature }),
    ...(problem === null ? {} : { problem }),
  }
  return { facts, code: sums.records === sums.rejected + sums.quarantined ? 'malformed' : null }
}

/** A feed of which nothing can be believed says why. */
function emptiness({ records, rejected, quarantined }: z.infer<typeof Sums>): string | null {
  if (records === 0) return 'it holds no record'
  if (records > rejected + quarantined) return null
  return quarantined === 0 ? 'none of its records could be read' : 'every record of it was rejected or quarantined'
}

function problemSaid(database: DatabaseSync): string | null {
  const row = database.prepare("select reason from issue where kind = 'problem' limit 1").get()
  return row === undefined ? null : String(row.reason)
}

/** The kinds of feed that the files of a folder are of, the one with most files first. */
function formsIn(database: DatabaseSync): FormCount[] {
  return database
    .prepare("select form, sum(pieces) files from tally where form <> '' group by form order by files desc, form")
    .all()
    .flatMap(({ form, files }) => {
      const known = KeptFeed.shape.form.safeParse(form)
      return known.success ? [{ form: known.data, files: Number(files), first: firstOf(database, known.data) }] : []
    })
}

function firstOf(database: DatabaseSync, form: FeedForm): string {
  return String(database.prepare('select name from piece where form = ? limit 1').get(form)?.name ?? '')
}

function unreadNames(names: readonly string[]): { unread?: string[] } {
  const shown = names.slice(0, maxUnread).map((name) => name.slice(-200))
  const more = names.length - shown.length
  if (names.length === 0) return {}
  return { unread: more > 0 ? [...shown, `${more} more`] : shown }
}

/** The ecosystems of which there are so many records that the feed is taken for all of them; of a distribution each release that it names. */
function wholeEcosystems(database: DatabaseSync): string[] {
  const Counts = z.record(z.string(), z.int())
  const row = database.prepare('select ecosystems from piece limit 1').get()
  const counts = Counts.parse(JSON.parse(String(row?.ecosystems ?? '{}')))
  const isWhole = (name: string) => {
    const all = distributionOf(name)
    const counted = knownDistribution(name) === null ? name : all
    return (counts[counted] ?? 0) > (fewestOfSmall.get(all) ?? fewestOfWhole)
  }
  return Object.keys(counts).filter(isWhole).sort()
}

function issues(database: DatabaseSync, kind: 'rejected' | 'quarantined', total: number): Feed['rejected'] {
  const listed = database
    .prepare('select record, reason from issue where kind = ? order by record, reason limit ?')
    .all(kind, maxListed)
    .map(({ record, reason }) => ({ record: String(record), reason: String(reason) }))
  const more = total - listed.length
  return more > 0 ? [...listed, { record: `${more} more`, reason: `${kind} too, not listed` }] : listed
}

/** The facts of a feed of which nothing is known. */
export function factsOfNothing(id: string, problem: string): KeptFeed {
  const nothing = { digest: '', records: 0, rejected: [], quarantined: [], newest: null, ecosystems: [] }
  return { ...nothing, id, source: id, form: 'unknown', coverage: 'selected', problem }
}
