import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildFleet, type ReferenceFleet } from '../fleet/build.ts'

declare module 'vitest' {
  interface ProvidedContext {
    fleet: ReferenceFleet
    /** An empty folder, in which `packedProduct` puts the packed product once it is needed. */
    packed: string
  }
}

/** Builds the reference fleet once for all end-to-end tests, or resets the one that the last run left. */
export async function setup(project: TestProject): Promise<() => void> {
  const out = join(import.meta.dirname, '..', '..', '.cache', 'lab-fleet')
  project.provide('fleet', await buildFleet(out, (line) => console.log(line)))
  const packed = mkdtempSync(join(tmpdir(), 'upkeep-packed-'))
  project.provide('packed', packed)
  return () => rmSync(packed, { recursive: true, force: true })
}
