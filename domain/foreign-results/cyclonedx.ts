import type { ForeignReading, ForeignReport } from '@upkeep/contract/observations/foreign-results'
import { at, list, textAt } from './json-values.ts'
import { addComponents, addReports, emptyReading, idsIn, instantOf, packageOfUrl, toolText } from './reading.ts'
import { severityOfScore, severityOfWord, worstOf } from './severity.ts'

/** Reads CycloneDX: an inventory, what it says of its components, or a VEX beside an inventory that lies elsewhere. */
export function readCycloneDx(bom: unknown): ForeignReading {
  const reading = emptyReading('CycloneDX')
  nameTool(bom, reading)
  reading.producedAt = instantOf(textAt(bom, 'metadata', 'timestamp'))
  const components = flattened([at(bom, 'metadata', 'component'), ...list(at(bom, 'components'))])
  const byRef = new Map(components.map((one) => [textAt(one, 'bom-ref'), textAt(one, 'purl')]))
  addComponents(
    reading,
    components.map((one) => packageOfUrl(textAt(one, 'purl'))),
  )
  reading.judges = Array.isArray(at(bom, 'vulnerabilities'))
  if (!reading.judges && components.length === 0) reading.problem = 'it lists no component and judges none'
  for (const one of list(at(bom, 'vulnerabilities'))) readVulnerability(one, byRef, reading)
  return reading
}

function nameTool(bom: unknown, reading: ForeignReading): void {
  const tools = at(bom, 'metadata', 'tools')
  const tool = list(at(tools, 'components'))[0] ?? list(tools)[0]
  reading.tool = toolText(textAt(tool, 'name')) ?? reading.tool
  reading.toolVersion = toolText(textAt(tool, 'version'))
}

const maxNested = 200_000

/** Components hold components; they are laid flat without recursion, however deep they lie. */
function flattened(top: readonly unknown[]): unknown[] {
  const all: unknown[] = []
  const waiting = [...top].reverse()
  for (let one = waiting.pop(); waiting.length > 0 || one !== undefined; one = waiting.pop()) {
    if (typeof one !== 'object' || one === null) continue
    all.push(one)
    if (all.length >= maxNested) return all
    for (const inner of list(at(one, 'components'))) waiting.push(inner)
  }
  return all
}

/** What an analysis comes to; without one a scanner means that its component is affected. */
const states = new Map<string, ForeignReport['says']>([
  ['not_affected', 'not-affected'],
  ['false_positive', 'not-affected'],
  ['resolved', 'not-affected'],
  ['resolved_with_pedigree', 'not-affected'],
  ['in_triage', 'not-decided'],
])
const word = /^[a-z_]{1,60}$/

function readVulnerability(one: unknown, byRef: ReadonlyMap<string, string>, reading: ForeignReading): void {
  const ids = idsIn([textAt(one, 'id'), ...list(at(one, 'references')).map((each) => textAt(each, 'id'))])
  const state = textAt(one, 'analysis', 'state')
  const says = states.get(state) ?? 'affected'
  const justification = textAt(one, 'analysis', 'justification') || state
  const packages = list(at(one, 'affects')).flatMap((each) => {
    const ref = textAt(each, 'ref')
    return packageOfUrl(byRef.get(ref) || urlIn(ref)) ?? []
  })
  const told = says === 'not-affected' && word.test(justification) ? justification : null
  addReports(reading, { ids, says, severity: severityOf(one), justification: told }, packages)
}

/** A reference may be the package's own URL, or a link into another document that ends in one. */
function urlIn(ref: string): string {
  if (!ref.startsWith('urn:cdx:')) return ref
  const end = ref.slice(ref.indexOf('#') + 1)
  try {
    return decodeURIComponent(end)
  } catch {
    return end
  }
}

function severityOf(one: unknown) {
  const ratings = list(at(one, 'ratings'))
  const words = ratings.map((each) => severityOfWord(textAt(each, 'severity')))
  const scores = ratings.map((each) => {
    const score = at(each, 'score')
    return textAt(each, 'method').startsWith('CVSS') && typeof score === 'number' ? severityOfScore(score) : null
  })
  return worstOf(words) ?? worstOf(scores)
}
