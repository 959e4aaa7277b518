import type { ForeignReading } from '@upkeep/contract/observations/foreign-results'
import { at, list, textAt } from './json-values.ts'
import {
  addReports,
  bounded,
  emptyReading,
  idsIn,
  instantOf,
  type NamedPackage,
  packageOfUrl,
  toolText,
} from './reading.ts'
import { addCode } from './sarif-code.ts'
import { severityOfScore, severityOfWord, worstOf } from './severity.ts'

/** Reads SARIF 2.1.0. A run that failed, broke off or never began makes the whole file one whose silence means nothing. */
export function readSarif(log: unknown): ForeignReading {
  const runs = list(at(log, 'runs'))
  const reading = emptyReading('SARIF')
  const driver = at(runs[0], 'tool', 'driver')
  reading.tool = toolText(textAt(driver, 'name')) ?? reading.tool
  reading.toolVersion = toolText(textAt(driver, 'semanticVersion') || textAt(driver, 'version'))
  if (at(log, 'version') !== '2.1.0') reading.problem = 'it is not version 2.1.0'
  if (runs.length === 0) reading.problem = 'it holds no run: the scanner did nothing'
  for (const run of runs) readRun(run, reading)
  return reading
}

function readRun(run: unknown, reading: ForeignReading): void {
  reading.problem ??= failureOf(run)
  const ends = list(at(run, 'invocations')).map((one) =>
    instantOf(textAt(one, 'endTimeUtc') || textAt(one, 'startTimeUtc')),
  )
  // The oldest of several runs: the whole is as old as its oldest part.
  for (const end of ends)
    if (end !== null && !(reading.producedAt !== null && reading.producedAt < end)) reading.producedAt = end
  const byId = new Map(list(at(run, 'tool', 'driver', 'rules')).map((one) => [at(one, 'id'), one]))
  const rules = [...list(at(run, 'tool', 'driver', 'rules'))]
  for (const result of list(at(run, 'results'))) {
    const index = at(result, 'ruleIndex')
    const rule = typeof index === 'number' ? rules[index] : byId.get(at(result, 'ruleId'))
    readResult(result, rule, reading)
  }
}

/** Why a run says nothing by what it leaves out; null when it went through. */
function failureOf(run: unknown): string | null {
  const invocations = list(at(run, 'invocations'))
  if (invocations.some((one) => at(one, 'executionSuccessful') === false))
    return 'the scanner says that it did not succeed'
  if (
    invocations.some(
      (one) => textAt(one, 'exitSignalName') !== '' || at(one, 'processStartFailureMessage') !== undefined,
    )
  )
    return 'the scanner was stopped, or could not start'
  const notices = invocations.flatMap((one) => [
    ...list(at(one, 'toolExecutionNotifications')),
    ...list(at(one, 'toolConfigurationNotifications')),
  ])
  const errors = notices.filter((one) => at(one, 'level') === 'error').length
  if (errors > 0) return `the scanner reports ${errors} errors of its own`
  if (!Array.isArray(at(run, 'results'))) return 'a run has no results: the scanner did not get that far'
  if (invocations.length === 0 && list(at(run, 'results')).length === 0)
    return 'a run reports nothing and does not say that it went through'
  return null
}

const harmlessKinds = new Set<unknown>(['pass', 'notApplicable', 'informational'])

function readResult(result: unknown, rule: unknown, reading: ForeignReading): void {
  if (harmlessKinds.has(at(result, 'kind'))) return
  const message = textAt(result, 'message', 'text')
  const ids = idsIn([
    textAt(result, 'ruleId'),
    textAt(rule, 'id'),
    message,
    textAt(rule, 'shortDescription', 'text'),
    ...list(at(rule, 'properties', 'aliases')).map((one) => (typeof one === 'string' ? one.slice(0, 100) : '')),
  ])
  const suppressed = list(at(result, 'suppressions')).some((one) => {
    const status = at(one, 'status')
    return status === undefined || status === 'accepted'
  })
  const says = suppressed ? 'not-affected' : 'affected'
  const justification = suppressed ? 'suppressed' : null
  const severity = severityOf(result, rule)
  const packages = packagesOf(result, message)
  if (ids.length === 0 && packages.length === 0 && addCode(result, rule, { says, severity }, reading)) return
  addReports(reading, { ids, says, severity, justification }, packages)
}

function severityOf(result: unknown, rule: unknown) {
  const scores = [result, rule].map((one) => {
    const stated = at(one, 'properties', 'security-severity')
    return severityOfScore(typeof stated === 'string' && stated.length < 10 ? Number(stated) : Number(stated ?? 0))
  })
  const words = [result, rule].map((one) => severityOfWord(textAt(one, 'properties', 'severity')))
  return worstOf([...scores, ...words])
}

/** Package versions stand in different places of different scanners' results: as URLs, in logical locations, in the message. */
function packagesOf(result: unknown, message: string): NamedPackage[] {
  const logical = list(at(result, 'locations')).flatMap((one) => list(at(one, 'logicalLocations')))
  const texts = [
    textAt(result, 'properties', 'purl'),
    textAt(result, 'properties', 'packageURL'),
    ...logical.flatMap((one) => [textAt(one, 'fullyQualifiedName'), textAt(one, 'name')]),
  ]
  const urls = texts.flatMap((text) => packageOfUrl(text) ?? [])
  if (urls.length > 0) return urls
  return inMessage(message) ?? texts.flatMap((text) => nameAndVersion(text) ?? [])
}

const ecosystemWords = new Map([
  ['npm', 'npm'],
  ['python', 'PyPI'],
  ['pypi', 'PyPI'],
  ['go-module', 'Go'],
  ['apk', 'apk'],
  ['deb', 'deb'],
])

/** The sentences by which Trivy, Grype and OSV-Scanner name a package version where they give no URL. */
const sentences = [
  /^Package: (?<name>\S{1,300})\nInstalled Version: (?<version>\S{1,200})/,
  /\bvulnerability in (?<type>[a-z-]{1,20}) package: (?<name>[^\s,]{1,300}), version (?<version>\S{1,200}) was found/,
  /^Package '(?<name>[^'\s]{1,300})@(?<version>[^'@\s]{1,200})' is vulnerable to/,
]

function inMessage(message: string): NamedPackage[] | null {
  for (const sentence of sentences) {
    const groups = sentence.exec(message)?.groups
    if (groups?.name === undefined || groups.version === undefined) continue
    const ecosystem = ecosystemWords.get(groups.type ?? '') ?? null
    const one = bounded({ ecosystem, name: groups.name, version: groups.version })
    return one === null ? [] : [one]
  }
  return null
}

/** `name@version`, as a logical location may be called. */
function nameAndVersion(text: string): NamedPackage | null {
  const parts = /^((?:@[\w.-]{1,100}\/)?[\w.-]{1,200})@(\d[\w.+-]{0,100})$/.exec(text)
  return parts === null ? null : bounded({ ecosystem: null, name: parts[1] ?? '', version: parts[2] ?? '' })
}
