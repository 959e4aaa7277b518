import { UserError } from '@upkeep/contract/errors'

const doctor = 'Check that the database runs and that the URL names it and a user who may write there.'

/** What the person can put right about the connection. The driver's own text is not passed on: it may quote the URL. */
export function connectionError(error: unknown): UserError {
  return new UserError('state-unusable', `The PostgreSQL database cannot be used (${codeOf(error)}).`, doctor, {
    cause: codeOf(error),
  })
}

/** True when the wait for the one writer ended first (55P03). */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === '55P03'
}

export function busyError(): UserError {
  return new UserError(
    'state-busy',
    'Another process is writing to the same database and has not finished.',
    'Wait for it to end, then run this again.',
  )
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no answer'
}
