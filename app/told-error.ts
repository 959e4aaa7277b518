import { UpstreamError, UserError } from '@upkeep/contract/errors'
import { FailedLate, recordingWords } from './recording.ts'

/** A failed command as it is told: what failed, what it means for the verdicts, what to do. */
export interface ToldError {
  readonly code: string
  readonly failed: string
  readonly means: string
  readonly action: string
}

/** What is known where nobody watched what was recorded: `part` of it was, or it is `unknown` whether any of it was. */
export type Known = 'nothing' | 'part' | 'unknown'

/**
 * Puts an error into words. Of a defect only its class and code are told: its message may hold anything that was read. That nothing was
 * recorded is said only where that is known.
 */
export function tellError(error: unknown, stopped: boolean, known: Known = 'nothing'): ToldError {
  const late = error instanceof FailedLate ? error : null
  const { stands, ...told } = toldOf(late === null ? error : late.cause, stopped)
  const recorded = (late === null ? null : recordingWords(late.recording)) ?? knownWords[known]
  return recorded === null ? told : { ...told, means: `${stands}${recorded}` }
}

const knownWords: Record<Known, string | null> = {
  nothing: null,
  part: 'Part of it was recorded before that.',
  unknown: 'Whether anything of it was recorded is not known: see "upkeep changes", "upkeep runs".',
}

/** `means` where nothing was recorded; of that `stands` what is so also where something was. */
function toldOf(error: unknown, stopped: boolean): ToldError & { stands: string } {
  if (stopped) return stoppedError
  if (error instanceof UserError) {
    const { code, message, action } = error
    const needsState = code === 'evidence-invalid' || code === 'state-newer' || code === 'state-unusable'
    const unusable = 'No verdict can be shown from this state until it is put right.'
    const means = needsState ? unusable : 'Nothing was recorded; earlier verdicts stand.'
    return { code, failed: message, means, stands: needsState ? `${unusable} ` : '', action }
  }
  if (error instanceof UpstreamError) {
    return {
      code: 'upstream',
      failed: `${error.upstream} did not answer as it should.`,
      means: 'What needed it is unknown; earlier verdicts stand.',
      stands: 'What needed it is unknown. ',
      action: 'Run the same command again later.',
    }
  }
  return {
    code: 'defect',
    failed: `upkeep itself failed: ${classOf(error)}.`,
    means: 'Nothing of this command was recorded; earlier verdicts stand.',
    stands: '',
    action: 'Run it again with --debug and report what it prints: it holds no data of yours.',
  }
}

const stoppedError = {
  code: 'stopped',
  failed: 'Stopped.',
  means: 'Kept: everything that was sealed before. Undone: this command; nothing of it was recorded.',
  stands: 'Kept: everything that was sealed before. ',
  action: 'Run the same command again when you like.',
}

/** Class and code: the two parts of an error that no input can write. */
function classOf(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is not an error was thrown'
  const name = /^[A-Za-z]{1,40}$/.exec(error.name)?.[0] ?? 'Error'
  const code = 'code' in error && typeof error.code === 'string' ? /^[A-Z0-9_]{1,40}$/.exec(error.code)?.[0] : undefined
  return code === undefined ? name : `${name} (${code})`
}
