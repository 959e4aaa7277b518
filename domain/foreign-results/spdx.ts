import type { ForeignReading } from '@upkeep/contract/observations/foreign-results'
import { at, list, textAt } from './json-values.ts'
import { addComponents, addReports, emptyReading, idsIn, instantOf, packageOfUrl, toolText } from './reading.ts'

/** Reads SPDX 2.3: what each package is, and where an advisory about it lies. */
export function readSpdx(document: unknown): ForeignReading {
  const reading = emptyReading('SPDX')
  const creators = list(at(document, 'creationInfo', 'creators')).filter((one) => typeof one === 'string')
  nameTool(creators.find((one) => one.startsWith('Tool: '))?.slice(6, 200) ?? '', reading)
  reading.producedAt = instantOf(textAt(document, 'creationInfo', 'created'))
  if (!/^SPDX-2\./.test(textAt(document, 'spdxVersion'))) reading.problem = 'it is not version 2'
  const packages = list(at(document, 'packages'))
  if (packages.length === 0) reading.problem ??= 'it lists no packages'
  for (const one of packages) readPackage(one, reading)
  reading.judges = reading.reports.length + reading.notUnderstood > 0
  return reading
}

/** `npm/cli-11.0.0`, `syft-1.2.3`: the version stands behind the last dash. */
function nameTool(text: string, reading: ForeignReading): void {
  const parts = /^(.{1,100})-(v?\d[\w.+]{0,60})$/.exec(text)
  reading.tool = toolText(parts?.[1] ?? text) ?? reading.tool
  reading.toolVersion = toolText(parts?.[2] ?? '')
}

function readPackage(one: unknown, reading: ForeignReading): void {
  const references = list(at(one, 'externalRefs'))
  const located = (type: string) =>
    references.filter((each) => at(each, 'referenceType') === type).map((each) => textAt(each, 'referenceLocator'))
  const packages = located('purl').flatMap((url) => packageOfUrl(url) ?? [])
  addComponents(reading, packages)
  const advisories = located('advisory')
  if (advisories.length === 0) return
  const ids = idsIn(advisories)
  // Each link is an advisory of its own; that two are about one vulnerability is not said.
  if (ids.length === 0) reading.notUnderstood += 1
  for (const id of ids)
    addReports(reading, { ids: [id], says: 'affected', severity: null, justification: null }, packages)
}
