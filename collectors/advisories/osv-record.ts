import type { Facts } from '@upkeep/contract'
import { osvSeverity } from '@upkeep/domain/osv-severity'
import { packageKey } from '@upkeep/domain/purl'
import { z } from 'zod'

type Advisory = Facts<'advisories'>['records'][number]

/** What comes of one record: an advisory about wanted packages, nothing of concern, or a record that is refused with its reason. */
export type ReadRecord =
  | { state: 'advisory'; advisory: Advisory }
  | { state: 'other' }
  | { state: 'rejected'; reason: string }

const Version = z.string().min(1).max(256)
const Event = z.object({
  introduced: Version.optional(),
  fixed: Version.optional(),
  last_affected: Version.optional(),
  limit: Version.optional(),
})
const Range = z.object({ type: z.enum(['SEMVER', 'ECOSYSTEM', 'GIT']), events: z.array(Event).min(1).max(2_000) })
const Affected = z.object({
  package: z.object({ ecosystem: z.string().min(1).max(300), name: z.string().min(1).max(300) }).optional(),
  ranges: z.array(Range).max(1_000).nullish(),
  versions: z.array(Version).max(50_000).nullish(),
})
/** The parts of an OSV record that matching needs, as the OSV schema has them; the rest is not looked at. */
const OsvRecord = z.object({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$/),
  modified: z
    .string()
    .max(64)
    .regex(/^\d{4}-\d\d-\d\dT[\d:.]{5,20}Z$/),
  withdrawn: z.string().max(64).nullish(),
  aliases: z.array(z.string().max(200)).max(1_000).nullish(),
  summary: z.string().nullish(),
  severity: z
    .array(z.object({ type: z.string(), score: z.string() }))
    .max(20)
    .nullish(),
  affected: z.array(Affected).max(20_000).nullish(),
  references: z
    .array(z.object({ url: z.string() }))
    .max(10_000)
    .nullish(),
  database_specific: z.record(z.string(), z.unknown()).nullish(),
})
type OsvRecord = z.infer<typeof OsvRecord>

const maxSummary = 500
const maxReferences = 20
const maxAliases = 50

/** Reads one record's bytes. Messages of the JSON parser quote the text and are not passed on. */
export function readRecord(bytes: Uint8Array, wantedKeys: ReadonlySet<string>, feed: string): ReadRecord {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return { state: 'rejected', reason: 'not JSON in UTF-8' }
  }
  return readValue(value, wantedKeys, feed)
}

/** Reads one record that is parsed already. */
export function readValue(value: unknown, wantedKeys: ReadonlySet<string>, feed: string): ReadRecord {
  const parsed = OsvRecord.safeParse(value)
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? ''
    return { state: 'rejected', reason: `not an OSV record: ${where === '' ? 'not an object' : where.slice(0, 100)}` }
  }
  const wrong = whatIsWrong(parsed.data)
  if (wrong !== null) return { state: 'rejected', reason: wrong }
  const affected = wantedOf(parsed.data, wantedKeys)
  return affected.length === 0 ? { state: 'other' } : { state: 'advisory', advisory: cut(parsed.data, affected, feed) }
}

/** Records that are well-formed and still must not be believed. */
function whatIsWrong(record: OsvRecord): string | null {
  for (const { package: about, ranges } of record.affected ?? []) {
    if (about?.name.includes('*') || about?.ecosystem.includes('*')) return 'it names every package at once'
    const endless = (ranges ?? []).some((range) => range.events.every((event) => event.introduced === undefined))
    if (endless) return 'a range says where it ends and not where it begins'
  }
  return null
}

function wantedOf(record: OsvRecord, wantedKeys: ReadonlySet<string>): Advisory['affected'] {
  return (record.affected ?? []).flatMap(({ package: about, ranges, versions }) => {
    if (about === undefined || !wantedKeys.has(packageKey(about.ecosystem, about.name))) return []
    return [{ ...about, ranges: (ranges ?? []).map(inOurWords), versions: versions ?? [] }]
  })
}

function inOurWords(range: z.infer<typeof Range>): Advisory['affected'][number]['ranges'][number] {
  return {
    type: range.type,
    events: range.events.map(({ last_affected, ...event }) =>
      last_affected === undefined ? event : { ...event, lastAffected: last_affected },
    ),
  }
}

function cut(record: OsvRecord, affected: Advisory['affected'], feed: string): Advisory {
  const urls = (record.references ?? []).map((reference) => reference.url)
  return {
    id: record.id,
    aliases: [...new Set(record.aliases ?? [])].slice(0, maxAliases),
    summary: (record.summary ?? '').slice(0, maxSummary),
    severity: osvSeverity(
      record.database_specific?.severity,
      (record.severity ?? []).map((one) => one.score),
    ),
    modified: record.modified,
    withdrawn: record.withdrawn ?? null,
    malicious: record.id.startsWith('MAL-'),
    affected,
    references: urls.filter((url) => url.length <= 2_000 && /^https?:\/\//.test(url)).slice(0, maxReferences),
    feed,
  }
}
