import { rmSync } from 'node:fs'
import { keptPath } from '@upkeep/domain/dependency-health/kept-path'
import { type NpmRegistries, registryFor } from '@upkeep/domain/npm-registries'
import { type DownloadBounds, download } from '../ports/intel-download.ts'
import { adopt, draftIn, stateOfKept } from './kept-tarballs.ts'

/** One package to keep, by what npm recorded of it. */
export interface WantedPackage {
  name: string
  version: string
  integrity: string
}

/** What came of one: `had` was kept before and is whole, `kept` was fetched now. */
export type KeptPackage = WantedPackage &
  ({ state: 'had' } | { state: 'kept'; bytes: number } | { state: 'refused'; reason: string })

export interface KeepCall {
  folder: string
  registries: NpmRegistries
  signal: AbortSignal
  progress(what: string): void
}

const bounds: DownloadBounds = { idleMs: 30_000, totalMs: 300_000, maxBytes: 512 << 20 }
const maxTotalBytes = 8 * (1 << 30)
const atOnce = 4
const packageName = /^(@[a-z0-9~][a-z0-9~._-]*\/)?[a-z0-9~_-][a-z0-9~._-]*$/i
const exactVersion = /^\d{1,10}\.\d{1,10}\.\d{1,10}(?:[-+][0-9A-Za-z.+-]{1,200})?$/

/**
 * Keeps the tarball of each package. What is fetched is held against the digest that npm recorded at the installation before it is kept:
 * a registry that serves other bytes now is refused. Nothing is unpacked, nothing is run.
 */
export async function keepPackages(wanted: readonly WantedPackage[], call: KeepCall): Promise<KeptPackage[]> {
  const done: KeptPackage[] = []
  const waiting = [...wanted]
  const budget = { left: maxTotalBytes }
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      call.signal.throwIfAborted()
      call.progress(`keeping ${done.length + 1} of ${wanted.length} packages`)
      done.push({ ...next, ...(await keepOne(next, call, budget)) })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return done.sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1))
}

type Outcome = { state: 'had' } | { state: 'kept'; bytes: number } | { state: 'refused'; reason: string }

async function keepOne(wanted: WantedPackage, call: KeepCall, budget: { left: number }): Promise<Outcome> {
  const { name, version, integrity } = wanted
  if (keptPath(integrity) === null) return refused('npm recorded no SHA-512 of it')
  if ((await stateOfKept(call.folder, integrity)) === 'kept') return { state: 'had' }
  if (name.length > 214 || !packageName.test(name) || !exactVersion.test(version))
    return refused('it is not a name and version that a registry can have')
  if (budget.left <= 0) return refused(`more than ${maxTotalBytes} bytes in one go: run it again for the rest`)
  const draft = draftIn(call.folder)
  try {
    const fetched = await download(
      addressOf(registryFor(call.registries, name), name, version),
      draft,
      call.signal,
      bounds,
    )
    if (fetched.state === 'unavailable') return refused(fetched.reason)
    budget.left -= fetched.bytes
    const isRight = await adopt(call.folder, draft, integrity)
    return isRight
      ? { state: 'kept', bytes: fetched.bytes }
      : refused('the registry serves other bytes than npm recorded')
  } finally {
    rmSync(draft, { force: true })
  }
}

function refused(reason: string): Outcome {
  return { state: 'refused', reason }
}

/** Where registries keep tarballs by custom. */
function addressOf(registryUrl: string, name: string, version: string): string {
  const base = name.slice(name.indexOf('/') + 1)
  return `${registryUrl.replace(/\/$/, '')}/${name}/-/${base}-${version}.tgz`
}
