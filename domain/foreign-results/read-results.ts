import type { ForeignReading } from '@upkeep/contract/observations/foreign-results'
import { readCycloneDx } from './cyclonedx.ts'
import { at } from './json-values.ts'
import { emptyReading } from './reading.ts'
import { readSarif } from './sarif.ts'
import { readSpdx } from './spdx.ts'
import { readSpdx3 } from './spdx3.ts'

/**
 * Reads SARIF 2.1.0, CycloneDX, SPDX 2 or SPDX 3.0 in JSON. The caller bounds bytes and depth. Of the text only names, versions, severities
 * and times are taken. A scanner that failed is a problem, never clean.
 */
export function readResults(text: string): ForeignReading {
  const whole = parsed(text)
  if (whole === undefined) return emptyReading('unknown', 'it is empty, cut off, or no JSON')
  if (Array.isArray(at(whole, 'runs'))) return readSarif(whole)
  if (at(whole, 'bomFormat') === 'CycloneDX') return readCycloneDx(whole)
  if (typeof at(whole, 'spdxVersion') === 'string') return readSpdx(whole)
  if (isSpdx3(whole)) return readSpdx3(whole)
  return emptyReading('unknown', 'it is neither SARIF, CycloneDX nor SPDX')
}

function isSpdx3(whole: unknown): boolean {
  const context = at(whole, '@context')
  return (
    typeof context === 'string' && context.startsWith('https://spdx.org/rdf/3.') && Array.isArray(at(whole, '@graph'))
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text)
  } catch {
    return undefined
  }
}
