import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'

/** How often each passkey has signed, as far as it counts. */
export interface PasskeyCounts {
  /** Whether the count went on, or there is none; it is then remembered. A copy of a passkey is told by a count that went back. */
  goesOn(credential: string, count: number): Promise<boolean>
}

const Counts = z.record(z.string().max(1_400), z.int().min(0))
const mostBytes = 1_000_000

export function passkeyCounts(stateDir: string): PasskeyCounts {
  const path = join(stateDir, 'passkey-counts.json')
  return {
    async goesOn(credential, count) {
      const known = read(path)
      const before = known[credential] ?? 0
      if (count === 0 && before === 0) return true
      if (count <= before) return false
      mkdirSync(stateDir, { recursive: true, mode: 0o700 })
      await writeFileAtomic(path, `${JSON.stringify({ ...known, [credential]: count })}\n`, { mode: 0o600 })
      return true
    },
  }
}

function read(path: string): Record<string, number> {
  try {
    const bytes = readFileSync(path)
    const parsed = Counts.safeParse(bytes.length > mostBytes ? {} : JSON.parse(bytes.toString('utf8')))
    return parsed.success ? parsed.data : {}
  } catch {
    return {}
  }
}
