import type { KeptResults } from '@upkeep/contract/observations/foreign-results'
import { ago } from '@upkeep/domain/distance'
import { vulnerabilityScanning } from '@upkeep/duties/vulnerability-scanning/duty'
import { isStale, toolWords } from '@upkeep/duties/vulnerability-scanning/foreign-source'
import { counted } from '@upkeep/engine/report/paint'
import type { Row } from '@upkeep/engine/report/rows'
import { vexStatements } from '@upkeep/engine/report/vex-statements'
import { z } from 'zod'
import type { Context } from './context.ts'
import { askedParts } from './export-document.ts'
import { standingFindings } from './find-findings.ts'
import { type HeldResults, holdResults } from './hold-results.ts'

/** The results of one other scanner that are in place, without what they hold. */
export const ListedResults = z.strictObject({
  name: z.string(),
  form: z.string(),
  tool: z.string(),
  toolVersion: z.string().nullable(),
  digest: z.string().describe('SHA-256 of the file that was taken in'),
  producedAt: z.string().nullable().describe('When it was made, by its own word'),
  importedAt: z.string(),
  about: z.string().nullable().describe('The server that they are about; null for the whole fleet'),
  judges: z.boolean().describe('False for an inventory: it judges nothing'),
  stale: z.boolean().describe('Older than the limit: what only they say is not believed'),
  problem: z.string().nullable().describe('Why its silence means nothing'),
  reports: z.int(),
  components: z.int(),
  notUnderstood: z.int(),
})
export type ListedResults = z.infer<typeof ListedResults>

/** How old results may be, as the duty that judges by them has it here. */
function limitOf(context: Context): { maxAgeDays: number; at: string } {
  const { params } = vulnerabilityScanning
  const asked = params.safeParse(context.upkeepFile.duties[vulnerabilityScanning.id]?.params ?? {})
  const { maxResultsAgeDays } = asked.data ?? params.parse({})
  return { maxAgeDays: maxResultsAgeDays, at: context.clock.now() }
}

/** What is listed of kept results. */
export function listedResults(context: Context, kept: KeptResults): ListedResults {
  const { withdrawnAt: _, reports, components, ...facts } = kept
  const stale = isStale(kept, limitOf(context))
  return { ...facts, stale, reports: reports.length, components: components.length }
}

/** Whether nothing follows from what these results leave out. */
export function isUnsure(listed: ListedResults): boolean {
  return listed.problem !== null || listed.notUnderstood > 0 || (listed.judges && listed.stale)
}

/** Holds kept results against what stands in the state; null where nothing was looked at yet. */
export async function heldNow(context: Context, kept: KeptResults): Promise<HeldResults | null> {
  const store = await context.existingStore()
  if (store === null) return null
  const { servers, advisories } = await askedParts(context, undefined)
  const meant = servers.filter((one) => kept.about === null || one.subject.name === kept.about)
  const standing = await standingFindings(store, context.clock.now())
  return holdResults(kept, meant, vexStatements(meant, advisories, standing), advisories?.records ?? [])
}

/** Kept results as a row: who made them, how old, and what is wrong with them. */
export function resultsRow(listed: ListedResults, at: string): Row {
  const { name, form, producedAt, importedAt, about } = listed
  const made = producedAt === null ? `without a date, taken in ${ago(importedAt, at)}` : `made ${ago(producedAt, at)}`
  const of = about === null ? 'of the fleet' : `of the server ${about}`
  const says = listed.judges ? counted(listed.reports, 'report') : 'an inventory, judges nothing'
  const lists = listed.components === 0 ? [] : [`${listed.components} packages listed`]
  const gaps = [
    ...(listed.problem === null ? [] : [`its silence means nothing: ${listed.problem}`]),
    ...(listed.judges && listed.stale ? ['too old to be believed: run it again'] : []),
    ...(listed.notUnderstood === 0 ? [] : [`${listed.notUnderstood} results name no advisory or no package version`]),
  ]
  return {
    label: isUnsure(listed) ? 'unknown' : 'fine',
    tone: isUnsure(listed) ? 'yellow' : 'dim',
    name: '',
    lines: [name, [`${form} of ${toolWords(listed)}`, made, of, says, ...lists].join(', '), ...gaps],
    command: null,
  }
}

const maxShown = 200

/** Each report and each difference as a row; what both found first. */
export function heldRows({ reports, onlyOurs, components }: HeldResults): Row[] {
  const report = reports.map((one) => ({
    label: one.standing,
    name: one.ids[0] ?? '',
    lines: [`${one.package}@${one.version}`, ...(one.why === '' ? [] : [one.why])],
  }))
  const ours = onlyOurs.map((one) => ({ label: 'only ours', name: one.id, lines: [`${one.package}@${one.version}`] }))
  const lists = (label: string, parts: readonly { package: string; version: string }[] = []) =>
    parts.map((one) => ({ label, name: '', lines: [`${one.package}@${one.version}`] }))
  const listed = [...lists('they list', components?.onlyTheirs), ...lists('we list', components?.onlyOurs)]
  const all = [...report, ...ours, ...listed]
  const left = all.length - maxShown
  const more = left > 0 ? [{ label: 'more', name: '', lines: [`${left} more: --json shows all`] }] : []
  return [...all.slice(0, maxShown), ...more].map((row) => ({ ...row, tone: 'yellow' as const, command: null }))
}

/** How the two stand beside each other, counted. */
export function heldParts({ reports, onlyOurs, components }: HeldResults): string[] {
  const standings = ['agreed', 'we say otherwise', 'they say otherwise', 'not judged here', 'not ours'] as const
  const told = standings.map((word) => `${reports.filter((one) => one.standing === word).length} ${word}`)
  const both = components === null ? [] : [`${components.both} packages listed by both`]
  return [...told, `${onlyOurs.length} only ours`, ...both]
}
