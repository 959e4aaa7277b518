/** What a command line says of the walls behind which it starts something. */
export interface ConfinedWords {
  /** Where `run-confined` stands among the words. */
  at: number
  profile: string
  sealed: string
  /** Where the command that is confined begins. */
  behind: number
}

/** Finds our launcher among words of a command line: `run-confined --profile file --sealed digest -- command arguments`. Null without it. */
export function confinementAmong(words: readonly string[]): ConfinedWords | null {
  const at = words.indexOf('run-confined')
  const [, first, profile, second, sealed, end] = at < 0 ? [] : words.slice(at, at + 6)
  const isWhole = first === '--profile' && second === '--sealed' && end === '--' && words.length > at + 6
  if (!isWhole || profile === undefined || sealed === undefined || !/^[0-9a-f]{64}$/.test(sealed)) return null
  return { at, profile, sealed, behind: at + 6 }
}

/** Whether a command line is the one that a profile was made for; null stands for any word. */
export function isSameLine(words: readonly (string | null)[], known: readonly (string | null)[]): boolean {
  return (
    words.length === known.length &&
    words.every((word, index) => word === null || known[index] === null || word === known[index])
  )
}
