import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { LaidFile, Refusal, SandboxOutcome, SandboxRun } from '@upkeep/contract'
import { refuse } from '../ports/network-refusal.ts'
import type { ShownPlace } from './launcher.ts'
import { belowData, layFiles, type Staging } from './staging.ts'
import { readBackBytes } from './supervisor.ts'

/**
 * Lays out what a confined run must not see, in a folder of this machine, and says which folders of it are shown inside and what is laid
 * inside as in any other run: the files that the programs themselves are.
 */
export function layWorld(
  run: SandboxRun,
  staging: Staging,
  uid: number | null,
): { inside: LaidFile[]; shown: ShownPlace[] } | Refusal {
  const words = [run.argv, ...(run.beside ?? []).map(({ argv }) => argv)].flat()
  const isOwn = (one: LaidFile) => 'text' in one && words.includes(one.path)
  const world = worldIn(staging)
  mkdirSync(world)
  chmodSync(world, 0o755)
  const refused = layFiles(
    world,
    run.lays.filter((one) => !isOwn(one)),
    uid,
  )
  if (refused !== null) return refused
  const shown: ShownPlace[] = []
  for (const { path, writable } of run.confined?.folders ?? []) {
    const below = belowData(path)
    if (below === null) return refuse('not-supported', 'a confined run is tried on folders below /data and /tmp')
    const outside = join(world, below)
    // What nobody laid out is not there for the server either.
    if (existsSync(outside)) shown.push({ outside, inside: `/data/${below}`, writable })
  }
  return { inside: run.lays.filter(isOwn), shown }
}

function worldIn({ folder }: Pick<Staging, 'folder'>): string {
  return join(folder, 'world')
}

/** What was read back of a confined run: out of the world, and of what programs beside it wrote into `/data` itself, from inside. */
export function readBackOf(staging: Pick<Staging, 'folder'>, path: string, inside: ReadBack | undefined): ReadBack {
  const world = readWorld(staging, path)
  const own = inside ?? { state: 'absent' as const }
  if (world === null) return own
  return world.state === 'absent' && dirname(path) === '/data' ? own : world
}

type ReadBack = SandboxOutcome['readBack'][string]

/** What lies at a path of the world after the run; null where no world stands apart, or the path is no place in it. */
function readWorld(staging: Pick<Staging, 'folder'>, path: string): ReadBack | null {
  const below = belowData(path)
  const world = worldIn(staging)
  if (below === null || !existsSync(world)) return null
  const at = join(world, below)
  const facts = lstatSync(at, { throwIfNoEntry: false })
  if (facts === undefined) return { state: 'absent' }
  if (!facts.isFile() || linkAbove(world, below)) return { state: 'not-a-file' }
  const bytes = readFileSync(at)
  const text = bytes.subarray(0, readBackBytes).toString('utf8')
  return { state: 'present', text, cut: bytes.length > readBackBytes }
}

/** Whether a folder on the way is a link that the server made. */
function linkAbove(world: string, below: string): boolean {
  const parts = below.split('/').slice(0, -1)
  return parts.some((_, at) => lstatSync(join(world, ...parts.slice(0, at + 1))).isSymbolicLink())
}

const maxEntries = 10_000

/** Whether the world has grown beyond its bytes, or beyond what can be counted quickly. */
export function worldIsFull(staging: Pick<Staging, 'folder'>, bytes: number): boolean {
  const left = { bytes, entries: maxEntries }
  count(worldIn(staging), left)
  return left.bytes < 0 || left.entries < 0
}

function count(folder: string, left: { bytes: number; entries: number }): void {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      left.entries -= 1
      if (left.entries < 0 || left.bytes < 0) return
      const path = join(folder, entry.name)
      if (entry.isDirectory()) count(path, left)
      else left.bytes -= lstatSync(path, { throwIfNoEntry: false })?.size ?? 0
    }
  } catch (error) {
    // One that went away holds nothing; one that was closed to us may hold anything.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) left.entries = -1
  }
}
