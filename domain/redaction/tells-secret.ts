import { everyReferenceStyle, isReferenceValue } from './references.ts'
import { safeArgs } from './safe-args.ts'
import { kindUnderName } from './safe-value.ts'

/** Whether words of a command line, as they stand behind one another, hold what looks like a secret. */
export function wordsTellSecret(words: readonly string[]): boolean {
  const values = safeArgs(words, new Map(), [], () => '')
  return values.some((value) => value.kind === 'hidden' && value.secret !== 'none')
}

/** Whether a value under its name looks like a secret; a reference does not. */
export function valueTellsSecret(name: string, value: string): boolean {
  return value !== '' && !isReferenceValue(value, everyReferenceStyle) && kindUnderName(name, value) !== null
}
