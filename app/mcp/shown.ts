import { printable } from '@upkeep/domain/printable'

const textCharacters = 20_000

/** The same JSON with nothing hidden in its texts: an agent reads what a person would see. Texts end at twenty thousand characters. */
export function shown(value: unknown): unknown {
  if (typeof value === 'string') return printable(value, { newlines: 'keep', maxLength: textCharacters })
  if (Array.isArray(value)) return value.map(shown)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [printable(key), shown(one)]))
}
