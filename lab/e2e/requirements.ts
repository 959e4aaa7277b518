import { spawnSync } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { repository } from './installation.ts'

/** Whether a program is on PATH. Tests that need one are skipped by name without it. */
export function hasProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(':').some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Whether strace works here: it may be installed and not be allowed to trace. */
export function canTrace(): boolean {
  return hasProgram('strace') && spawnSync('strace', ['-f', '-e', 'trace=execve', 'true']).status === 0
}

/** The user that owns nothing. Null where tests are not root and so cannot become somebody else. */
export const nobodyUid: number | null = process.getuid?.() === 0 ? 65_534 : null

/** Whether everybody may read the repository, so that the product can be run as another user. */
export function isReadableByAll(): boolean {
  for (let folder = repository; folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o005) !== 0o005) return false
  }
  return true
}
