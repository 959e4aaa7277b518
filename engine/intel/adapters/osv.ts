import { osvSeverity } from '@upkeep/domain/osv-severity'
import { knownDistribution } from '@upkeep/domain/versions/distribution'
import { z } from 'zod'
import type { FeedSink, KeptAdvisory, ReadContext } from '../feed-sink.ts'
import { type Hostile, hostileRecord } from '../hostile-record.ts'

const Version = z.string().min(1).max(256)
const Event = z.object({
  introduced: Version.optional(),
  fixed: Version.optional(),
  last_affected: Version.optional(),
  limit: Version.optional(),
})
const Range = z.object({ type: z.enum(['SEMVER', 'ECOSYSTEM', 'GIT']), events: z.array(Event).min(1).max(2_000) })
const Severities = z
  .array(z.object({ type: z.string(), score: z.string() }))
  .max(20)
  .nullish()
const Affected = z.object({
  package: z.object({ ecosystem: z.string().min(1).max(300), name: z.string().min(1).max(300) }).optional(),
  ranges: z.array(Range).max(1_000).nullish(),
  versions: z.array(Version).max(50_000).nullish(),
  severity: Severities,
  ecosystem_specific: z.object({ urgency: z.unknown() }).partial().nullish(),
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
  upstream: z.array(z.string().max(200)).max(1_000).nullish(),
  related: z.array(z.string().max(200)).max(1_000).nullish(),
  summary: z.string().nullish(),
  details: z.string().nullish(),
  severity: Severities,
  affected: z.array(Affected).max(20_000).nullish(),
  references: z
    .array(z.object({ url: z.string() }))
    .max(10_000)
    .nullish(),
  database_specific: z.object({ severity: z.unknown() }).partial().nullish(),
})
type OsvRecord = z.infer<typeof OsvRecord>

const maxSummary = 500
const maxReferences = 20
const maxAliases = 50
/** A record that names every version of more packages than this is about nothing in particular. */
const maxWholePackages = 1_000

/** Reads one OSV record that is parsed already. */
export function readOsv(value: unknown, context: ReadContext, sink: FeedSink): void {
  const parsed = OsvRecord.safeParse(value)
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? ''
    sink.reject(context.name, `not an OSV record: ${where === '' ? 'not an object' : where.slice(0, 100)}`)
    return
  }
  const record = parsed.data
  const hostile = whyNotBelieved(record, context.latest)
  if (hostile !== null) {
    sink.quarantine(context.name, hostile.reason, hostile.until)
    return
  }
  const endless = (record.affected ?? []).some(hasEndlessRange)
  if (endless) {
    sink.reject(context.name, 'a range says where it ends and not where it begins')
    return
  }
  sink.dated(record.modified)
  put(record, sink)
}

function put(record: OsvRecord, sink: FeedSink): void {
  const advisory = cut(record)
  if (advisory.affected.length > 0) {
    sink.advisory(advisory)
    return
  }
  const { id, severity, summary } = advisory
  sink.statement([id, ...advisory.aliases], { record: id, severity, fixed: [], summary })
}

/** Records that are well-formed and still must not be believed. */
function whyNotBelieved(record: OsvRecord, latest: string): Hostile | null {
  const affected = record.affected ?? []
  const named = affected.some(({ package: about }) => about?.name.includes('*') || about?.ecosystem.includes('*'))
  if (named) return { reason: 'it names every package at once' }
  if (affected.some(namesEveryVersion)) return { reason: 'it names every version with a star' }
  if (affected.length > maxWholePackages && affected.filter(isWhole).length > maxWholePackages) {
    return { reason: `it names every version of more than ${maxWholePackages} packages` }
  }
  const shown = [record.summary ?? '', ...(record.aliases ?? []), ...affected.map((one) => one.package?.name ?? '')]
  const dates = [record.modified, record.withdrawn ?? '']
  return hostileRecord({ shown, details: [record.details ?? ''], dates }, latest)
}

type AffectedEntry = z.infer<typeof Affected>

function namesEveryVersion({ ranges, versions }: AffectedEntry): boolean {
  const stars = (ranges ?? []).some(({ events }) =>
    events.some((event) => event.introduced === '*' || event.fixed === '*' || event.last_affected === '*'),
  )
  return stars || (versions ?? []).includes('*')
}

function isWhole({ ranges }: AffectedEntry): boolean {
  return (ranges ?? []).some(({ events }) => events.length === 1 && events[0]?.introduced === '0')
}

function hasEndlessRange({ ranges }: AffectedEntry): boolean {
  return (ranges ?? []).some((range) => range.events.every((event) => event.introduced === undefined))
}

function affectedOf({ package: about, ranges, versions }: AffectedEntry): KeptAdvisory['affected'] {
  return about === undefined ? [] : [{ ...about, ranges: (ranges ?? []).map(inOurWords), versions: versions ?? [] }]
}

function inOurWords(range: z.infer<typeof Range>): KeptAdvisory['affected'][number]['ranges'][number] {
  return {
    type: range.type,
    events: range.events.map(({ last_affected, ...event }) =>
      last_affected === undefined ? event : { ...event, lastAffected: last_affected },
    ),
  }
}

function cut(record: OsvRecord): KeptAdvisory {
  const urls = (record.references ?? []).map((reference) => reference.url)
  const { aliases, gathers } = otherNames(record)
  return {
    id: record.id,
    aliases: [...new Set(aliases)].slice(0, maxAliases),
    ...(gathers.length === 0 ? {} : { gathers }),
    summary: (record.summary ?? '').slice(0, maxSummary),
    severity: severityOf(record),
    modified: record.modified,
    withdrawn: record.withdrawn ?? null,
    malicious: record.id.startsWith('MAL-'),
    affected: (record.affected ?? []).flatMap(affectedOf),
    references: urls.filter((url) => url.length <= 2_000 && /^https?:\/\//.test(url)).slice(0, maxReferences),
  }
}

/**
 * A distribution's record about one CVE and nothing else is that CVE in its packages. A notice about several is none of them: it gathers
 * them. Where it names none as upstream, as older ones do, they stand among its aliases or what is related.
 */
function otherNames(record: OsvRecord): { aliases: string[]; gathers: string[] } {
  const own = record.aliases ?? []
  const upstream = cvesIn(record.upstream)
  const beside = isOfDistribution(record)
    ? [...cvesIn(own), ...(upstream.length === 0 ? cvesIn(record.related) : [])]
    : []
  const cves = [...new Set([...upstream, ...beside])]
  if (cves.length === 1) return { aliases: [...own, ...cves], gathers: [] }
  return { aliases: own.filter((name) => !beside.includes(name)), gathers: cves }
}

function cvesIn(names: readonly string[] | null | undefined): string[] {
  return (names ?? []).filter((name) => name.startsWith('CVE-'))
}

function isOfDistribution({ affected }: OsvRecord): boolean {
  const [first] = affected ?? []
  return first?.package !== undefined && knownDistribution(first.package.ecosystem) !== null
}

/** The database's word or score; a distribution may have put it beside each package instead, as a score or a word for how urgent it is. */
function severityOf({ database_specific, severity, affected }: OsvRecord): KeptAdvisory['severity'] {
  const beside = (affected ?? []).slice(0, maxAliases)
  const all = [...(severity ?? []), ...beside.flatMap((one) => one.severity ?? [])]
  const words = [...all.flatMap((one) => (one.type === 'Ubuntu' ? one.score : [])), ...beside.flatMap(urgencyOf)]
  const scores = all.map((one) => one.score)
  const said = osvSeverity(database_specific?.severity, scores)
  return said === 'unknown' ? osvSeverity(worstWord(words), []) : said
}

function urgencyOf({ ecosystem_specific }: AffectedEntry): string[] {
  const urgency = ecosystem_specific?.urgency
  return typeof urgency === 'string' ? [urgency] : []
}

const worstFirst = ['critical', 'high', 'medium', 'low', 'negligible', 'unimportant']

function worstWord(words: readonly string[]): string | undefined {
  return worstFirst.find((word) => words.includes(word))
}
