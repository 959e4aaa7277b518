import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Profile, UserError } from '@upkeep/contract'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'

/** What was decided at the command line and has no place in a file of the user's. */
export const StateSettings = z.strictObject({ version: z.literal(1), profile: Profile.optional() })
export type StateSettings = z.infer<typeof StateSettings>

const maxBytes = 100_000

/** The settings of a state folder; the defaults when there are none yet. */
export function readStateSettings(stateDir: string): StateSettings {
  const text = readIfThere(join(stateDir, 'settings.json'))
  if (text === null) return { version: 1 }
  const parsed = StateSettings.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new UserError(
    'state-unusable',
    'settings.json in the state folder is not what upkeep wrote.',
    'Remove that file; "upkeep profile" writes it again.',
  )
}

/** Writes the settings of a state folder, whole or not at all. */
export async function writeStateSettings(stateDir: string, settings: StateSettings): Promise<void> {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  const text = `${JSON.stringify(StateSettings.parse(settings), null, 2)}\n`
  await writeFileAtomic(join(stateDir, 'settings.json'), text, { mode: 0o600 })
}

function readIfThere(path: string): string | null {
  try {
    const bytes = readFileSync(path)
    return bytes.length > maxBytes ? '' : bytes.toString('utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
