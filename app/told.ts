import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'

/** What people were told of, by a key of its own, and when. It holds back a second telling, and nothing else. */
const Told = z.record(z.string().max(300), z.string().max(40))
export type Told = z.infer<typeof Told>

/** What was told so far. A file that is not ours counts as none: then all is told again. */
export function readTold(stateDir: string): Told {
  try {
    const parsed = Told.safeParse(JSON.parse(readFileSync(join(stateDir, 'told.json'), 'utf8')))
    return parsed.success ? parsed.data : {}
  } catch {
    return {}
  }
}

/** Keeps what was told. What is no longer of interest is left out by whoever calls it. */
export async function keepTold(stateDir: string, told: Told): Promise<void> {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  await writeFileAtomic(join(stateDir, 'told.json'), `${JSON.stringify(told, null, 1)}\n`, { mode: 0o600 })
}
