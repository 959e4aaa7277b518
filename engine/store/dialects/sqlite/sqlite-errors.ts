import { UserError } from '@upkeep/contract/errors'

const BUSY = 5
const reasons: Readonly<Record<number, string>> = {
  8: 'The database file cannot be written.',
  10: 'Reading or writing the database file failed.',
  11: 'The database file is damaged.',
  13: 'The disk is full.',
  14: 'The database file cannot be opened.',
  26: 'The file state.db is not a database.',
}

/** True when another connection holds the lock that was asked for. */
export function isBusy(error: unknown): boolean {
  return primaryCode(error) === BUSY
}

/** Turns what the person can put right into a UserError; leaves everything else as it is. */
export function asUserError(error: unknown): unknown {
  const code = primaryCode(error)
  if (code === BUSY) return busyError()
  const reason = code === null ? undefined : reasons[code]
  if (reason === undefined) return error
  return new UserError(
    'state-unusable',
    reason,
    'Run `upkeep doctor`: it names the state folder and what is wrong there.',
  )
}

export function busyError(): UserError {
  return new UserError(
    'state-busy',
    'Another process is writing to the same state and has not finished.',
    'Wait for it to end, then run this again.',
  )
}

function primaryCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null
  return error.errcode & 0xff
}
