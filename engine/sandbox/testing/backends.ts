import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import type { SandboxPort } from '@upkeep/contract'
import type { Launcher } from '../launcher.ts'
import { launchers, openSandbox, tryBackend } from '../open-sandbox.ts'

/** This run's own Node.js comes first on the search path, as `npm run` would have it. */
export const path = [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter)

/** A sandbox with one backend alone, and a folder whose emptiness shows that nothing was left. */
export interface TriedSandbox {
  sandbox: SandboxPort
  tempDir: string
  leftFiles(): string[]
  close(): void
}

export function sandboxOf(launcher: Launcher): TriedSandbox {
  const tempDir = mkdtempSync(join(tmpdir(), 'upkeep-test-sandbox-'))
  const sandbox = openSandbox({ tempDir, path }, [launcher])
  return { sandbox, tempDir, leftFiles: () => readdirSync(tempDir), close: () => rmdirSync(tempDir) }
}

/** Each backend of the product with whether it works here: a test of one that does not is skipped by name. */
export async function backendsHere(): Promise<{ launcher: Launcher; works: boolean }[]> {
  const tempDir = mkdtempSync(join(tmpdir(), 'upkeep-test-sandbox-'))
  const tried = []
  for (const launcher of launchers) {
    const found = await tryBackend(launcher, { tempDir, path })
    tried.push({ launcher, works: !('state' in found) })
  }
  rmdirSync(tempDir)
  return tried
}
