import { z } from 'zod'
import type { FeedSink, ReadContext } from '../feed-sink.ts'
import { hostileRecord } from '../hostile-record.ts'

const Day = z.iso.date()
/** The parts of CISA's catalogue that are used. */
const Catalogue = z.object({
  catalogVersion: z.string().max(64),
  dateReleased: z.string().regex(/^\d{4}-\d\d-\d\dT[\d:.]{5,20}(?:Z|[+-]\d\d:?\d\d)$/),
  count: z.int().nonnegative(),
  vulnerabilities: z.array(z.unknown()).max(100_000),
})
const Entry = z.object({
  cveID: z.string().regex(/^CVE-\d{4}-\d{4,19}$/),
  dateAdded: Day,
  dueDate: Day.nullish(),
  vulnerabilityName: z.string().max(10_000).nullish(),
  shortDescription: z.string().max(100_000).nullish(),
  knownRansomwareCampaignUse: z.string().max(100).nullish(),
})

/** True for a document that says it is the catalogue of known exploited vulnerabilities. */
export function isKev(value: object): boolean {
  return 'catalogVersion' in value && 'vulnerabilities' in value
}

/** Reads CISA's catalogue. Its own count must hold, or a part of it is missing. */
export function readKev(value: unknown, context: ReadContext, sink: FeedSink): void {
  const parsed = Catalogue.safeParse(value)
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? ''
    sink.problem(`not a catalogue of known exploited vulnerabilities: ${where}`)
    return
  }
  const { dateReleased, count, vulnerabilities } = parsed.data
  if (dateReleased > context.latest) {
    sink.problem(`it is dated ahead of this clock, ${dateReleased.slice(0, 10)}`)
    return
  }
  sink.dated(`${dateReleased.slice(0, 19)}Z`)
  if (vulnerabilities.length !== count) {
    sink.problem(`it says that it holds ${count} entries and holds ${vulnerabilities.length}`)
  }
  for (const [index, entry] of vulnerabilities.entries()) readEntry(entry, index, context, sink)
}

function readEntry(value: unknown, index: number, { latest }: ReadContext, sink: FeedSink): void {
  const parsed = Entry.safeParse(value)
  if (!parsed.success) {
    sink.reject(`entry ${index}`, `not an entry: ${parsed.error.issues[0]?.path.join('.') ?? ''}`)
    return
  }
  const { cveID, dateAdded, dueDate, vulnerabilityName, shortDescription, knownRansomwareCampaignUse } = parsed.data
  const hostile = hostileRecord(
    { shown: [vulnerabilityName ?? ''], details: [shortDescription ?? ''], dates: [dateAdded] },
    latest,
  )
  if (hostile !== null) {
    sink.quarantine(cveID, hostile.reason, hostile.until)
    return
  }
  const said = knownRansomwareCampaignUse?.toLowerCase()
  const ransomware = said === 'known' ? true : null
  sink.signal(cveID, { kind: 'kev', facts: { dateAdded, dueDate: dueDate ?? null, ransomware } })
}
