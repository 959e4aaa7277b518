import { knownDistribution } from '@upkeep/domain/versions/distribution'
import { fixesNamed } from '@upkeep/domain/versions/judge-version'
import type { Advisory, Statement } from './feed-sink.ts'
import type { Vulnerability } from './precedence.ts'
import { rankOf } from './precedence.ts'

type Conflict = Advisory['conflicts'][number]

/** What one source says of a vulnerability, in the fields that are compared. */
export interface Said extends Statement {
  source: string
  modified: string
}

const maxValues = 10
const maxText = 200

/** Everything that was said of a vulnerability, the strongest source first; of several editions of one record only the newest. */
export function allSaid({ counted, spokenOver }: Vulnerability, statements: readonly Said[]): Said[] {
  const fromRecords = [...counted, ...spokenOver].map(({ advisory, feed }) => ({
    source: feed,
    record: advisory.id,
    severity: advisory.severity,
    // A distribution numbers its own packages: its versions say nothing against those of the makers.
    fixed: fixesNamed(advisory.affected.filter(({ ecosystem }) => knownDistribution(ecosystem) === null)),
    summary: advisory.summary,
    modified: advisory.modified,
  }))
  const newest = new Map<string, Said>()
  for (const said of [...fromRecords, ...statements]) {
    const known = newest.get(said.record)
    if (known === undefined || known.modified <= said.modified) newest.set(said.record, said)
  }
  return [...newest.values()].sort((a, b) => rankOf(a.record) - rankOf(b.record) || (a.record < b.record ? -1 : 1))
}

/** The fields in which sources differ, each with what every one of them says. Saying nothing is no contradiction. */
export function conflictsIn(all: readonly Said[]): Conflict[] {
  const severity = all.filter((one) => one.severity !== 'unknown').map((one) => ({ ...one, value: one.severity }))
  const fixed = all
    .filter((one) => one.fixed.length > 0)
    .map((one) => ({ ...one, value: [...one.fixed].sort().join(', ').slice(0, maxText) }))
  const summary = all
    .filter((one) => one.summary !== '')
    .map((one) => ({ ...one, value: one.summary.slice(0, maxText) }))
  return [differing('severity', severity), differing('fixed', fixed), differing('summary', summary)].flatMap(
    (conflict) => conflict ?? [],
  )
}

function differing(field: Conflict['field'], said: readonly (Said & { value: string })[]): Conflict | null {
  const different = new Set(said.map((one) => wording(one.value)))
  if (different.size < 2) return null
  const values = said.slice(0, maxValues).map(({ source, record, value }) => ({ source, record, value }))
  return { field, values }
}

/** Two texts that differ in signs and case alone say the same. */
function wording(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.,]{1,500}/gu, ' ')
    .trim()
}
