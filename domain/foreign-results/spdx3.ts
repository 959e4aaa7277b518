import type { ForeignReading, ForeignReport } from '@upkeep/contract/observations/foreign-results'
import { at, list, textAt } from './json-values.ts'
import { addComponents, addReports, emptyReading, idsIn, instantOf, packageOfUrl, toolText } from './reading.ts'

/** Reads SPDX 3.0 as JSON-LD, in the compact form that its context gives: no term is looked up, no context is fetched. */
export function readSpdx3(document: unknown): ForeignReading {
  const reading = emptyReading('SPDX')
  const elements = list(at(document, '@graph'))
  const byId = new Map(elements.map((one) => [idOf(one), one]))
  const creation = elements.find((one) => textAt(one, 'type') === 'CreationInfo')
  reading.producedAt = instantOf(textAt(creation, 'created'))
  const tool = elements.find((one) => textAt(one, 'type') === 'Tool')
  reading.tool = toolText(textAt(tool, 'name')) ?? reading.tool
  const packages = elements.filter((one) => textAt(one, 'type') === 'software_Package')
  addComponents(
    reading,
    packages.map((one) => packageOfUrl(urlOf(one))),
  )
  for (const one of elements) readRelationship(one, byId, reading)
  reading.judges = reading.reports.length + reading.notUnderstood > 0
  if (packages.length === 0 && !reading.judges) reading.problem = 'it lists no packages'
  return reading
}

function idOf(element: unknown): string {
  return textAt(element, 'spdxId') || textAt(element, '@id')
}

function urlOf(element: unknown): string {
  const stated = textAt(element, 'software_packageUrl')
  if (stated !== '') return stated
  const identifier = list(at(element, 'externalIdentifier')).find(
    (one) => textAt(one, 'externalIdentifierType') === 'packageUrl',
  )
  return textAt(identifier, 'identifier')
}

const saidBy = new Map<string, ForeignReport['says']>([
  ['affects', 'affected'],
  ['doesNotAffect', 'not-affected'],
  ['fixedIn', 'not-affected'],
  ['underInvestigationFor', 'not-decided'],
])

/** A vulnerability that is related to a package, in either direction. */
function readRelationship(one: unknown, byId: ReadonlyMap<string, unknown>, reading: ForeignReading): void {
  const type = textAt(one, 'relationshipType')
  const from = textAt(one, 'from')
  const to = list(at(one, 'to')).filter((each) => typeof each === 'string')
  if (type === 'hasAssociatedVulnerability') {
    for (const id of to) report(byId.get(id), [byId.get(from)], 'affected', null, reading)
    return
  }
  const says = saidBy.get(type)
  if (says === undefined) return
  const justification = textAt(one, 'security_justificationType')
  const told = says === 'not-affected' && /^[A-Za-z]{1,60}$/.test(justification) ? justification : null
  report(
    byId.get(from),
    to.map((id) => byId.get(id)),
    says,
    told,
    reading,
  )
}

function report(
  vulnerability: unknown,
  about: readonly unknown[],
  says: ForeignReport['says'],
  justification: string | null,
  reading: ForeignReading,
): void {
  const identifiers = list(at(vulnerability, 'externalIdentifier')).map((one) => textAt(one, 'identifier'))
  const ids = idsIn([textAt(vulnerability, 'name'), ...identifiers])
  const packages = about.flatMap((one) => packageOfUrl(urlOf(one)) ?? [])
  addReports(reading, { ids, says, severity: null, justification }, packages)
}
