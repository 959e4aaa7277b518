import { packageQuestion, questionKeys } from './package-question.ts'

/** One vulnerability that another scanner reports of one package version. Texts are its own: hostile, bounded. */
export interface ForeignReport {
  /** The advisory's id first, then every other name of it. */
  ids: string[]
  purl: string
}

/** What a file of another scanner says; `problem`: it cannot be relied on, so that its silence means nothing. */
export interface ForeignResults {
  form: 'SARIF' | 'CycloneDX' | 'SPDX' | 'unknown'
  tool: string
  reports: ForeignReport[]
  /** Package URLs that it lists, whether it says anything of them or not. */
  listed: string[]
  /** Results that name no advisory or no package that can be told. */
  notUnderstood: number
  problem: string | null
}

const maxReports = 100_000
const advisoryId =
  /\b(?:CVE-\d{4}-\d{4,19}|GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}|PYSEC-\d{4}-\d{1,9}|MAL-\d{4}-\d{1,9})\b/gi

/** Reads SARIF 2.1.0, CycloneDX or SPDX 2.3 in JSON. The caller bounds the bytes. A scanner that failed is a problem, never clean. */
export function foreignResults(text: string): ForeignResults {
  const whole = parsed(text)
  if (whole === undefined) return nothing('it is empty, cut off, or no JSON')
  if (Array.isArray(at(whole, 'runs'))) return fromSarif(whole)
  if (at(whole, 'bomFormat') === 'CycloneDX') return fromCycloneDx(whole)
  if (typeof at(whole, 'spdxVersion') === 'string') return fromSpdx(whole)
  return nothing('it is neither SARIF, CycloneDX nor SPDX')
}

/** A package URL without qualifiers, in the one spelling under which it is compared; null when it is none. */
export function comparableUrl(purl: string): string | null {
  const question = packageQuestion(purl)
  if (question === null || !purl.startsWith('pkg:')) return null
  return `${questionKeys(question)[0]}@${question.range ?? ''}`
}

function nothing(problem: string | null): ForeignResults {
  return { form: 'unknown', tool: 'not stated', reports: [], listed: [], notUnderstood: 0, problem }
}

function fromSarif(log: unknown): ForeignResults {
  const runs = list(at(log, 'runs'))
  const results: ForeignResults = { ...nothing(null), form: 'SARIF', tool: textAt(runs[0], 'tool', 'driver', 'name') }
  if (at(log, 'version') !== '2.1.0') results.problem = 'it is not version 2.1.0'
  if (runs.length === 0) results.problem = 'it holds no run: the scanner did nothing'
  for (const run of runs) readSarifRun(run, results)
  return results
}

function readSarifRun(run: unknown, results: ForeignResults): void {
  const failed = list(at(run, 'invocations')).some((one) => at(one, 'executionSuccessful') === false)
  if (failed) results.problem = 'the scanner says that it did not succeed'
  if (!Array.isArray(at(run, 'results'))) results.problem ??= 'a run has no results: the scanner did not get that far'
  const rules = list(at(run, 'tool', 'driver', 'rules'))
  for (const result of list(at(run, 'results'))) {
    const index = at(result, 'ruleIndex')
    const rule = typeof index === 'number' ? rules[index] : rules.find((one) => at(one, 'id') === at(result, 'ruleId'))
    const ids = idsIn([
      textAt(result, 'ruleId'),
      textAt(result, 'message', 'text'),
      textAt(rule, 'shortDescription', 'text'),
    ])
    add(results, ids, urlsIn(result))
  }
}

/** Package URLs stand in different places of different scanners' results: in properties, logical locations, fixes. */
function urlsIn(result: unknown): string[] {
  const logical = list(at(result, 'locations')).flatMap((one) => list(at(one, 'logicalLocations')))
  const texts = [
    textAt(result, 'properties', 'purl'),
    textAt(result, 'properties', 'packageURL'),
    ...logical.map((one) => textAt(one, 'fullyQualifiedName')),
  ]
  return texts.filter((one) => one.startsWith('pkg:'))
}

function fromCycloneDx(bom: unknown): ForeignResults {
  const components = list(at(bom, 'components'))
  const byRef = new Map(components.map((one) => [textAt(one, 'bom-ref'), textAt(one, 'purl')]))
  const tools = at(bom, 'metadata', 'tools')
  const tool = textAt(list(at(tools, 'components'))[0] ?? list(tools)[0], 'name')
  const results: ForeignResults = { ...nothing(null), form: 'CycloneDX', tool }
  results.listed = [...byRef.values()].filter((one) => one !== '').slice(0, maxReports)
  if (!Array.isArray(at(bom, 'vulnerabilities')))
    results.problem = 'it lists components and judges none: it has no vulnerabilities'
  for (const one of list(at(bom, 'vulnerabilities'))) {
    const state = at(one, 'analysis', 'state')
    if (state === 'not_affected' || state === 'false_positive' || state === 'resolved') continue
    const ids = idsIn([textAt(one, 'id'), ...list(at(one, 'references')).map((each) => textAt(each, 'id'))])
    const refs = list(at(one, 'affects')).map((each) => textAt(each, 'ref'))
    add(
      results,
      ids,
      refs.map((ref) => byRef.get(ref) ?? ref).filter((url) => url.startsWith('pkg:')),
    )
  }
  return results
}

/** SPDX 2.3 says of a package what it is, and where an advisory about it lies. */
function fromSpdx(document: unknown): ForeignResults {
  const creators = list(at(document, 'creationInfo', 'creators')).filter((one) => typeof one === 'string')
  const tool = creators.find((one) => one.startsWith('Tool: '))?.slice(6, 200) ?? 'not stated'
  const results: ForeignResults = { ...nothing(null), form: 'SPDX', tool }
  if (!Array.isArray(at(document, 'packages'))) results.problem = 'it lists no packages'
  for (const one of list(at(document, 'packages'))) {
    const references = list(at(one, 'externalRefs'))
    const ofType = (type: string) => references.filter((each) => at(each, 'referenceType') === type)
    const urls = ofType('purl').map((each) => textAt(each, 'referenceLocator'))
    results.listed.push(...urls)
    const ids = idsIn(ofType('advisory').map((each) => textAt(each, 'referenceLocator')))
    if (ids.length > 0) add(results, ids, urls)
  }
  if (results.reports.length === 0) results.problem ??= 'it lists packages and judges none'
  return results
}

function add(results: ForeignResults, ids: string[], urls: readonly string[]): void {
  if (ids.length === 0 || urls.length === 0) results.notUnderstood += 1
  for (const purl of ids.length === 0 ? [] : new Set(urls)) {
    if (results.reports.length < maxReports) results.reports.push({ ids, purl })
    else results.problem = `it holds more than ${maxReports} reports: cut there`
  }
}

function idsIn(texts: readonly string[]): string[] {
  const found = texts.flatMap((text) => text.match(advisoryId) ?? [])
  return [
    ...new Set(
      found.map((id) => (id.toUpperCase().startsWith('GHSA') ? `GHSA${id.slice(4).toLowerCase()}` : id.toUpperCase())),
    ),
  ]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined
    found = new Map<string, unknown>(Object.entries(found)).get(name)
  }
  return found
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function textAt(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path)
  return typeof found === 'string' ? found.slice(0, 4_000) : ''
}
