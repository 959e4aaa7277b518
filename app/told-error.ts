import { UpstreamError, UserError } from '@upkeep/contract/errors'

/** A failed command as it is told: what failed, what it means for the verdicts, what to do. */
export interface ToldError {
  readonly code: string
  readonly failed: string
  readonly means: string
  readonly action: string
}

/** Puts an error into words. Of a defect only its class and code are told: its message may hold anything that was read. */
export function tellError(error: unknown, stopped: boolean): ToldError {
  if (stopped) return stoppedError()
  if (error instanceof UserError) {
    const { code, message, action } = error
    return { code, failed: message, means: meaningOf(code), action }
  }
  if (error instanceof UpstreamError) {
    return {
      code: 'upstream',
      failed: `${error.upstream} did not answer as it should.`,
      means: 'What needed it is unknown; earlier verdicts stand.',
      action: 'Run the same command again later.',
    }
  }
  return {
    code: 'defect',
    failed: `upkeep itself failed: ${classOf(error)}.`,
    means: 'Nothing of this command was recorded; earlier verdicts stand.',
    action: 'Run it again with --debug and report what it prints: it holds no data of yours.',
  }
}

function stoppedError(): ToldError {
  return {
    code: 'stopped',
    failed: 'Stopped.',
    means: 'Kept: everything that was sealed before. Undone: this command; nothing of it was recorded.',
    action: 'Run the same command again when you like.',
  }
}

function meaningOf(code: UserError['code']): string {
  return code === 'evidence-invalid' || code === 'state-newer' || code === 'state-unusable'
    ? 'No verdict can be shown from this state until it is put right.'
    : 'Nothing was recorded; earlier verdicts stand.'
}

/** Class and code: the two parts of an error that no input can write. */
function classOf(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is not an error was thrown'
  const name = /^[A-Za-z]{1,40}$/.exec(error.name)?.[0] ?? 'Error'
  const code = 'code' in error && typeof error.code === 'string' ? /^[A-Z0-9_]{1,40}$/.exec(error.code)?.[0] : undefined
  return code === undefined ? name : `${name} (${code})`
}
