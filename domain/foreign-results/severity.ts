import type { Severity } from '@upkeep/contract/finding'

const order = ['critical', 'high', 'medium', 'low'] as const

/** The severity that a word of another format stands for; null for none and for what is no severity. */
export function severityOfWord(word: string): Severity | null {
  const plain = word.toLowerCase()
  if (plain === 'moderate') return 'medium'
  return order.find((one) => one === plain) ?? null
}

/** The severity of a CVSS base score, by the bounds that FIRST gives its words; null for 0 and for what is no score. */
export function severityOfScore(score: number): Severity | null {
  if (!(score > 0 && score <= 10)) return null
  if (score >= 9) return 'critical'
  if (score >= 7) return 'high'
  return score >= 4 ? 'medium' : 'low'
}

/** The worst that is stated; null where nothing is. */
export function worstOf(severities: readonly (Severity | null)[]): Severity | null {
  return order.find((one) => severities.includes(one)) ?? null
}
