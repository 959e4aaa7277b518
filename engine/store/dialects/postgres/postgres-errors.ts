import { UserError } from '@upkeep/contract/errors'

const doctor = 'Check that the database runs and that the URL names it and a user who may write there.'

/** What the person can put right about the connection. The driver's own text is not passed on: it may quote the URL. */
export function connectionError(error: unknown): UserError {
  return new UserError('state-unusable', `The PostgreSQL database cannot be used (${codeOf(error)}).`, doctor, {
    cause: codeOf(error),
  })
}

/**
 * Codes that are about the connection, the rights or the room, by how they begin: 08 connection, 28 and 42501 rights, 53 resources, 57P
 * shutdown, 3D no such database, 25006 read-only, E… of the operating system.
 */
const aboutTheDatabase = ['08', '28', '42501', '53', '57P', '3D', '25006', 'ECONN', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT']

/** Turns an error of a kind that the person can do something about into a UserError. */
export function explain(error: unknown): unknown {
  const code = codeOf(error)
  return aboutTheDatabase.some((start) => code.startsWith(start)) ? connectionError(error) : error
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
