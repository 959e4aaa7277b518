import type { ForeignReading, ForeignReport } from '@upkeep/contract/observations/foreign-results'
import { packageQuestion } from '../package-question.ts'
import { printable } from '../printable.ts'
import { secretKindOf } from '../redaction/secret-kinds.ts'

/** How much of one file is kept. */
export const maxReports = 100_000

/** A package version as another scanner names it. */
export type NamedPackage = Pick<ForeignReport, 'ecosystem' | 'name' | 'version'>

const advisoryId =
  /\b(?:CVE-\d{4}-\d{4,19}|GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}|PYSEC-\d{4}-\d{1,9}|MAL-\d{4}-\d{1,9}|GO-\d{4}-\d{1,9}|UPKEEP-\d{4}-\d{1,9}|SNYK-[A-Z]{1,20}-[A-Z0-9]{1,80}-\d{1,12})\b/gi

/** Every name of an advisory in these texts, in the spelling of its database. */
export function idsIn(texts: readonly string[]): string[] {
  const found = texts.flatMap((text) => text.match(advisoryId) ?? [])
  const spelt = found.map((id) => (/^GHSA/i.test(id) ? `GHSA${id.slice(4).toLowerCase()}` : id.toUpperCase()))
  return [...new Set(spelt)].slice(0, 40)
}

/** The package version that a package URL names; null when it names none that can be judged here. */
export function packageOfUrl(purl: string): NamedPackage | null {
  const question = purl.startsWith('pkg:') ? packageQuestion(purl) : null
  const ecosystem = question?.ecosystems[0]
  if (question === null || ecosystem === undefined || question.range === null) return null
  return bounded({ ecosystem, name: question.name, version: question.range })
}

/** A package version whose names are no longer than names are; null otherwise. */
export function bounded(one: NamedPackage): NamedPackage | null {
  const fits = one.name.length > 0 && one.name.length <= 300 && one.version.length > 0 && one.version.length <= 200
  return fits && one.name.isWellFormed() && one.version.isWellFormed() ? one : null
}

/** A reading that holds nothing yet. */
export function emptyReading(form: ForeignReading['form'], problem: string | null = null): ForeignReading {
  return {
    form,
    tool: 'not stated',
    toolVersion: null,
    producedAt: null,
    judges: true,
    reports: [],
    components: [],
    notUnderstood: 0,
    problem,
  }
}

/** The name or version of a tool as it is kept: a line, short, and no secret. */
export function toolText(text: string): string | null {
  const shown = printable(text.trim(), { maxLength: 60 })
  return shown === '' || secretKindOf(shown) !== null ? null : shown.slice(0, 100)
}

/** A time in UTC; null when it is none. */
export function instantOf(text: string): string | null {
  if (text.length > 40 || !/^\d{4}-\d{2}-\d{2}T/.test(text)) return null
  const milliseconds = Date.parse(text)
  return Number.isFinite(milliseconds) ? new Date(milliseconds).toISOString() : null
}

/** Adds what is said of each package; what names no advisory or no package version is counted. */
export function addReports(
  reading: ForeignReading,
  about: Pick<ForeignReport, 'ids' | 'says' | 'severity' | 'justification'>,
  packages: readonly NamedPackage[],
): void {
  if (about.ids.length === 0 || packages.length === 0) reading.notUnderstood += 1
  if (about.ids.length === 0) return
  const each = new Map(packages.map((one) => [`${one.ecosystem} ${one.name} ${one.version}`, one]))
  for (const one of each.values()) {
    if (reading.reports.length < maxReports) reading.reports.push({ ...about, ...one })
    else reading.problem = `it holds more than ${maxReports} reports: cut there`
  }
}

/** Adds packages that are listed, each once, up to a bound. */
export function addComponents(reading: ForeignReading, packages: readonly (NamedPackage | null)[]): void {
  for (const one of packages) {
    if (one === null || one.ecosystem === null) continue
    if (reading.components.length < maxReports) reading.components.push({ ...one, ecosystem: one.ecosystem })
    else reading.problem = `it lists more than ${maxReports} packages: cut there`
  }
}
