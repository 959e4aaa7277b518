import { licenceStanding } from '@upkeep/domain/dependency-health/licence-expression'
import { called, decision, emptyPart, namesIn, type Package, type Part } from './part.ts'

/** Licences under which most packages of this ecosystem are published, and that ask for little. */
export const defaultUsualLicences = [
  '0BSD',
  'Apache-2.0',
  'Artistic-2.0',
  'BlueOak-1.0.0',
  'BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
  'Zlib',
]

/** One finding for each licence that is not usual, with the packages that state it. */
export function judgeLicences(packages: readonly Package[], usual: readonly string[]): Part {
  const part = emptyPart()
  const list = new Set(usual)
  const unusual = new Map<string | null, Package[]>()
  for (const one of packages) {
    if (one.licence === null || licenceStanding(one.licence, list) !== 'usual') {
      unusual.set(one.licence, [...(unusual.get(one.licence) ?? []), one])
    }
  }
  for (const [licence, under] of unusual) part.findings.push(state(licence, under))
  part.decided.push(decision('licence-unusual', ''))
  if (unusual.size === 0 && packages.length > 0)
    part.passes.push(`each of ${packages.length} packages states a usual licence`)
  return part
}

function state(licence: string | null, under: readonly Package[]): Part['findings'][number] {
  const first = under[0] === undefined ? '' : called(under[0])
  const others = under.length === 1 ? '' : ` and ${under.length - 1} more`
  return {
    rule: 'licence-unusual',
    facts: { licence, packages: namesIn(under.map(called)), count: under.length },
    summary:
      licence === null ? `${first}${others}: no licence is stated` : `${first}${others}: stated licence "${licence}"`,
    action: 'Have it read by whoever decides on licences, then add it to usualLicences, or do without the package.',
  }
}
