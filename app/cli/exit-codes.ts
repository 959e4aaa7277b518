/** What the process says with its exit code, worst first: a defect beats a usage error beats findings beats what could not be judged. */
export const exitCodes = { defect: 70, usage: 2, findings: 1, 'not-evaluated': 3, fine: 0, stopped: 130 } as const

/**
 * The exit code of `npm start`: a report was shown, whatever is in it, unless something was asked wrongly or broke. Who gives it words of
 * their own asks for an operation, and gets its code.
 */
export function startExitCode(code: number, words: readonly string[]): number {
  if (words.length > 0) return code
  return code === exitCodes.defect || code === exitCodes.usage || code === exitCodes.stopped ? code : 0
}
