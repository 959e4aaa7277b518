import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Profile, UserError } from '@upkeep/contract'
import { sync as writeFileAtomic } from 'write-file-atomic'
import { z } from 'zod'

const Saved = z.strictObject({ profile: Profile })

/**
 * The profile that was chosen with `upkeep profile`; null when none was.
 *
 * @throws UserError `state-unusable` when the file is there and says something else.
 */
export function savedProfile(stateDir: string): Profile | null {
  const path = join(stateDir, 'settings.json')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw unusable(path, error)
  }
  try {
    return Saved.parse(JSON.parse(text)).profile
  } catch (error) {
    throw unusable(path, error)
  }
}

/** Keeps the chosen profile beside the state. */
export function saveProfile(stateDir: string, profile: Profile): void {
  writeFileAtomic(join(stateDir, 'settings.json'), `${JSON.stringify({ profile })}\n`, { mode: 0o600 })
}

function unusable(path: string, cause: unknown): UserError {
  return new UserError(
    'state-unusable',
    `${path} cannot be read as settings.`,
    'Remove the file, then choose again: upkeep profile solo.',
    { cause },
  )
}
