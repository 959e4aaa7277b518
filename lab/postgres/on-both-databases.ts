import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@upkeep/engine/store/open-store'
import type { Store, StorePlace } from '@upkeep/engine/store/store'
import { afterEach, describe } from 'vitest'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { createTestDatabase } from './test-database.ts'

/** What a store test is given: a fresh, empty place for each call, and stores on it that are closed when the test ends. */
export interface StoreBench {
  readonly kind: 'sqlite' | 'postgres'
  newPlace(): Promise<StorePlace>
  open(place?: StorePlace): Promise<Store>
}

/** Runs the same tests on SQLite and on a real PostgreSQL. Where npm has no PostgreSQL for the platform, that half is skipped by name. */
export function onBothDatabases(name: string, tests: (bench: StoreBench) => void): void {
  describe(`${name} · sqlite`, () => tests(benchOf('sqlite', newFolder)))
  const found = findPostgresBinaries() !== null
  const half = found ? 'postgres' : `postgres (skipped: no binary for ${process.platform}-${process.arch})`
  describe.skipIf(!found)(`${name} · ${half}`, () => tests(benchOf('postgres', newDatabase)))
}

type Undo = () => Promise<void> | void

function benchOf(kind: StoreBench['kind'], make: (undo: Undo[]) => Promise<StorePlace>): StoreBench {
  const undo: Undo[] = []
  const newPlace = () => make(undo)
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step()
  })
  return {
    kind,
    newPlace,
    open: async (place) => {
      const store = await openStore(place ?? (await newPlace()))
      undo.push(() => store.close())
      return store
    },
  }
}

async function newFolder(undo: Undo[]): Promise<StorePlace> {
  const stateDir = mkdtempSync(join(tmpdir(), 'upkeep-store-'))
  undo.push(() => rmSync(stateDir, { recursive: true, force: true }))
  return { stateDir }
}

async function newDatabase(undo: Undo[]): Promise<StorePlace> {
  const database = await createTestDatabase()
  undo.push(() => database.drop())
  return { postgresUrl: database.url }
}
