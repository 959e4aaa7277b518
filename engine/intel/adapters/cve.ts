import { osvSeverity } from '@upkeep/domain/osv-severity'
import { z } from 'zod'
import type { FeedSink, ReadContext, Signal } from '../feed-sink.ts'
import { hostileRecord } from '../hostile-record.ts'

const Text = z.object({ lang: z.string().max(50), value: z.string() })
const Version = z.object({ lessThan: z.string().max(256).nullish(), status: z.string().max(20) })
const Cvss = z.object({ vectorString: z.string().max(300).nullish(), baseSeverity: z.string().max(20).nullish() })
const Metric = z.object({
  cvssV3_1: Cvss.nullish(),
  cvssV3_0: Cvss.nullish(),
  cvssV4_0: Cvss.nullish(),
  other: z.object({ type: z.string().max(100), content: z.unknown() }).nullish(),
})
const Container = z.object({
  title: z.string().nullish(),
  descriptions: z.array(Text).max(100).nullish(),
  affected: z
    .array(z.object({ versions: z.array(Version).max(5_000).nullish() }))
    .max(5_000)
    .nullish(),
  metrics: z.array(Metric).max(100).nullish(),
  providerMetadata: z.object({ shortName: z.string().max(100).nullish(), dateUpdated: z.string().max(64).nullish() }),
})
type Container = z.infer<typeof Container>
/** The parts of a CVE record, version 5, that are used. */
const CveRecord = z.object({
  cveMetadata: z.object({
    cveId: z.string().regex(/^CVE-\d{4}-\d{4,19}$/),
    state: z.enum(['PUBLISHED', 'REJECTED']),
    dateUpdated: z.string().max(64).nullish(),
  }),
  containers: z.object({ cna: Container, adp: z.array(Container).max(100).nullish() }),
})
const Ssvc = z.object({ options: z.array(z.record(z.string().max(100), z.string().max(100))).max(20) })

/** Who may add decision points: the programme that the points are named after. */
const decisionMaker = 'CISA-ADP'

/** True for a document that says it is a CVE record. */
export function isCve(value: object): boolean {
  return 'dataType' in value && value.dataType === 'CVE_RECORD'
}

/** Reads a CVE record: what its own authority says of it, and CISA's decision points where they were added. */
export function readCve(value: unknown, context: ReadContext, sink: FeedSink): void {
  const parsed = CveRecord.safeParse(value)
  if (!parsed.success) {
    sink.reject(context.name, `not a CVE record: ${(parsed.error.issues[0]?.path.join('.') ?? '').slice(0, 100)}`)
    return
  }
  const { cveMetadata, containers } = parsed.data
  const dates = datesOf(parsed.data)
  const hostile = hostileRecord({ ...textsOf(containers.cna), dates }, context.latest)
  if (hostile !== null) {
    sink.quarantine(context.name, hostile.reason, hostile.until)
    return
  }
  const newest = dates.sort().at(-1)
  if (newest !== undefined) sink.dated(newest)
  if (cveMetadata.state === 'PUBLISHED') putStatement(cveMetadata.cveId, containers.cna, sink)
  const points = (containers.adp ?? []).filter((one) => one.providerMetadata.shortName === decisionMaker)
  for (const { metrics } of points) putDecision(cveMetadata.cveId, metrics ?? [], context, sink)
}

function datesOf({ cveMetadata, containers }: z.infer<typeof CveRecord>): string[] {
  const all = [
    cveMetadata,
    containers.cna.providerMetadata,
    ...(containers.adp ?? []).map((one) => one.providerMetadata),
  ]
  return all.flatMap(({ dateUpdated }) => {
    const at = Date.parse(dateUpdated ?? '')
    return Number.isNaN(at) ? [] : [`${new Date(at).toISOString().slice(0, 19)}Z`]
  })
}

function textsOf({ title, descriptions }: Container): { shown: string[]; details: string[] } {
  return { shown: [title ?? ''], details: (descriptions ?? []).map((one) => one.value) }
}

function putStatement(record: string, cna: Container, sink: FeedSink): void {
  const english = (cna.descriptions ?? []).find((one) => one.lang.toLowerCase().startsWith('en'))
  const scores = (cna.metrics ?? []).flatMap((one) =>
    [one.cvssV3_1, one.cvssV3_0, one.cvssV4_0].filter((cvss) => cvss != null),
  )
  const severity = osvSeverity(
    scores.find((one) => one.baseSeverity != null)?.baseSeverity,
    scores.flatMap((one) => one.vectorString ?? []),
  )
  const affected = (cna.affected ?? []).flatMap((one) => one.versions ?? [])
  const fixed = affected.flatMap((one) => (one.status === 'affected' && one.lessThan ? [one.lessThan] : []))
  const summary = (cna.title || english?.value || '').slice(0, 500)
  sink.statement([record], { record, severity, fixed: [...new Set(fixed)].slice(0, 20), summary })
}

function putDecision(
  cve: string,
  metrics: readonly z.infer<typeof Metric>[],
  context: ReadContext,
  sink: FeedSink,
): void {
  for (const { other } of metrics) {
    if (other?.type !== 'ssvc') continue
    const parsed = Ssvc.safeParse(other.content)
    const facts = parsed.success ? decisionOf(parsed.data.options) : null
    if (facts === null) sink.reject(context.name, 'its decision points are not those of SSVC')
    else sink.signal(cve, { kind: 'ssvc', facts })
  }
}

const words = {
  exploitation: z.enum(['none', 'poc', 'active']),
  automatable: z.enum(['yes', 'no']),
  technicalImpact: z.enum(['partial', 'total']),
}

function decisionOf(options: readonly Record<string, string>[]): (Signal & { kind: 'ssvc' })['facts'] | null {
  const said = new Map(options.flatMap((one) => Object.entries(one)).map(([key, word]) => [key, word.toLowerCase()]))
  const exploitation = words.exploitation.nullable().safeParse(said.get('Exploitation') ?? null)
  const automatable = words.automatable.nullable().safeParse(said.get('Automatable') ?? null)
  const technicalImpact = words.technicalImpact.nullable().safeParse(said.get('Technical Impact') ?? null)
  if (!exploitation.success || !automatable.success || !technicalImpact.success) return null
  return { exploitation: exploitation.data, automatable: automatable.data, technicalImpact: technicalImpact.data }
}
