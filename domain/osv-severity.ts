/** How bad an advisory's own record says it is; `unknown` when it says nothing that is understood. */
export type OsvSeverity = 'critical' | 'high' | 'medium' | 'low' | 'unknown'

const words: Readonly<Record<string, OsvSeverity>> = {
  critical: 'critical',
  high: 'high',
  important: 'high',
  moderate: 'medium',
  medium: 'medium',
  low: 'low',
  negligible: 'low',
  unimportant: 'low',
}

/** The severity of a record: its database's word when there is one, else what a CVSS 3 vector comes to. CVSS 4 vectors are not scored. */
export function osvSeverity(word: unknown, vectors: readonly string[]): OsvSeverity {
  const said = typeof word === 'string' ? word.toLowerCase() : ''
  if (Object.hasOwn(words, said)) return words[said] ?? 'unknown'
  const scores = vectors.map(cvss3BaseScore).filter((score) => score !== null)
  return scores.length === 0 ? 'unknown' : rating(Math.max(...scores))
}

function rating(score: number): OsvSeverity {
  if (score >= 9) return 'critical'
  if (score >= 7) return 'high'
  if (score >= 4) return 'medium'
  return 'low'
}

const weights: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  PR: { N: 0.85, L: 0.62, H: 0.27 },
  UI: { N: 0.85, R: 0.62 },
  S: { U: 0, C: 1 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
}
const privilegesWhenScopeChanges: Readonly<Record<string, number>> = { N: 0.85, L: 0.68, H: 0.5 }

/** The base score of a CVSS 3.0 or 3.1 vector, 0 to 10 in steps of 0.1; null when the vector is not one or lacks a base metric. */
export function cvss3BaseScore(vector: string): number | null {
  const metrics = readMetrics(vector)
  if (metrics === null) return null
  const changed = metrics.S === 1
  const { C = 0, I = 0, A = 0, AV = 0, AC = 0, PR = 0, UI = 0 } = metrics
  const base = 1 - (1 - C) * (1 - I) * (1 - A)
  const impact = changed ? 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15 : 6.42 * base
  if (impact <= 0) return 0
  const exploitability = 8.22 * AV * AC * PR * UI
  return roundUp(Math.min((changed ? 1.08 : 1) * (impact + exploitability), 10))
}

function readMetrics(vector: string): Record<string, number> | null {
  if (vector.length > 200 || !/^CVSS:3\.[01]\//.test(vector)) return null
  const letters = new Map(vector.split('/').map((part) => [part.split(':')[0] ?? '', part.split(':')[1] ?? '']))
  const changed = letters.get('S') === 'C'
  const found: Record<string, number> = {}
  for (const [metric, table] of Object.entries(weights)) {
    const scale = metric === 'PR' && changed ? privilegesWhenScopeChanges : table
    const letter = letters.get(metric) ?? ''
    const weight = Object.hasOwn(scale, letter) ? scale[letter] : undefined
    if (weight === undefined) return null
    found[metric] = weight
  }
  return found
}

/** CVSS rounds up to one decimal in whole hundred-thousandths, so that every machine comes to the same figure. */
function roundUp(value: number): number {
  const whole = Math.round(value * 100_000)
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10
}
