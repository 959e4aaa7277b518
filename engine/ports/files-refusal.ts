import type { Absent, Refusal } from '@upkeep/contract/ports'

/** A refusal with its code and a reason that never quotes content. */
export function refusal(code: Refusal['code'], reason: string): Refusal {
  return { state: 'unavailable', code, reason }
}

export const absent: Absent = { state: 'absent' }

const byErrno: Readonly<Record<string, Absent | Refusal>> = {
  ENOENT: absent,
  ENOTDIR: absent,
  EACCES: refusal('permission-denied', 'this user may not read it'),
  EPERM: refusal('permission-denied', 'this user may not read it'),
  ELOOP: refusal('link-loop', 'symbolic links lead in a circle'),
  EISDIR: refusal('not-a-file', 'it is a folder'),
  ENXIO: refusal('not-a-file', 'it is a socket or device'),
  EAGAIN: refusal('timed-out', 'nothing can be read from it without waiting'),
  ENAMETOOLONG: refusal('too-large', 'the path is longer than the system takes'),
  ERR_INVALID_ARG_VALUE: refusal('malformed', 'the path holds a character that no path can hold'),
  ERR_FS_FILE_TOO_LARGE: refusal('too-large', 'the file is larger than can be read at once'),
}

/** What a failed file operation means: by the system's code alone, since its message quotes the path. */
export function refusalOf(error: unknown): Absent | Refusal {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  return byErrno[code] ?? refusal('unreachable', `the file system answered ${code}`)
}
