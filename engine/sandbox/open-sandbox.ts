import type { Isolation, Refusal, SandboxBackend, SandboxPort, SandboxRun } from '@upkeep/contract'
import { ordinaryBounds } from '@upkeep/contract'
import { refuse } from '../ports/network-refusal.ts'
import { bubblewrap } from './bubblewrap.ts'
import { containerEngine } from './container-engine.ts'
import { groupVersion, removeGroups } from './control-group.ts'
import type { Launcher } from './launcher.ts'
import { removeLeftovers } from './staging.ts'
import { startRun } from './start-run.ts'
import { userNamespaces } from './user-namespaces.ts'
import { canWatchCalls } from './watch-calls.ts'

/** Every way of building walls, the one to be preferred first. */
export const launchers: readonly Launcher[] = [bubblewrap, userNamespaces, containerEngine]

/** Where runs are staged, and where bare names of programs are looked up. */
export interface SandboxPlaces {
  tempDir: string
  path: string
}

type Found = { backend: SandboxBackend; launcher: Launcher } | Refusal

/** Opens the sandbox of this machine: the first backend that really runs something here, found out at the first use. */
export function openSandbox(places: SandboxPlaces, among: readonly Launcher[] = launchers): SandboxPort {
  let found: Promise<Found> | null = null
  function once(): Promise<Found> {
    found ??= findBackend(places, among)
    return found
  }
  return {
    async backend() {
      const one = await once()
      return 'state' in one ? one : one.backend
    },
    async start(run, needs) {
      const one = await once()
      if ('state' in one) return one
      const missing = needs.filter((need) => !one.backend.isolates.includes(need))
      if (missing.length > 0)
        return refuse('not-supported', `${one.backend.id} does not keep apart: ${missing.join(', ')}`)
      return startRun(run, { ...one, ...places })
    },
  }
}

async function findBackend(places: SandboxPlaces, among: readonly Launcher[]): Promise<Found> {
  await removeGroups(removeLeftovers(places.tempDir))
  const reasons: string[] = []
  for (const launcher of among) {
    const tried = await tryBackend(launcher, places)
    if (!('state' in tried)) return tried
    reasons.push(`${launcher.id}: ${tried.reason}`)
  }
  return refuse('not-supported', `nothing on this machine isolates a server (${reasons.join('; ')})`)
}

/** A backend is at hand when it has run something: that it is installed says little where a kernel or a container forbids namespaces. */
export async function tryBackend(launcher: Launcher, places: SandboxPlaces): Promise<Found> {
  const there = launcher.find()
  if ('state' in there) return there
  const backend = describe(launcher, there.version)
  const process = await startRun(trialRun, { backend, launcher, ...places })
  if ('state' in process) return process
  const { exitCode } = await process.ended
  return exitCode === 0 ? { backend, launcher } : refuse('not-supported', 'a first trial run did not end well')
}

function describe({ id, isolates, tested }: Launcher, version: string): SandboxBackend {
  const boundsKeptBy = groupVersion() ?? 'looks'
  const watches = canWatchCalls()
  return { id, version, isolates: [...isolates] satisfies Isolation[], boundsKeptBy, watches, tested }
}

const trialRun: SandboxRun = {
  argv: ['/bin/sh', '-c', 'exit 0'],
  env: {},
  cwd: '/data',
  shows: [],
  lays: [],
  network: 'none',
  bounds: { ...ordinaryBounds, wallSeconds: 10 },
}
