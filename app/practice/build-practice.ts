import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Place, UpkeepFile } from '@upkeep/contract'
import { writeClientFiles, writeUpkeepFile } from './client-files.ts'
import { freePort } from './free-port.ts'
import { ensureInstalled } from './install.ts'
import { type PracticeInstall, practiceInstalls, requestOf } from './installs.ts'
import { keepPackuments } from './packuments.ts'
import { type StartedServer, startEverything } from './started-server.ts'

/** The practice fleet, installed and running. Everything it has is below its root; `stateDir` is for a ledger of its own. */
export interface PracticeFleet {
  place: Place
  upkeepFile: UpkeepFile
  stateDir: string
  started: StartedServer
  stop(): Promise<void>
}

export interface PracticeRequest {
  /** A folder that is the practice fleet's alone. */
  root: string
  /** Told what is being done, a line at a time. */
  progress: (line: string) => void
  signal: AbortSignal
}

/**
 * Builds the practice fleet, or takes up the one that is there after checking its bytes, and starts its one live server. Uses the
 * network: to be called by consent only.
 */
export async function buildPractice(request: PracticeRequest): Promise<PracticeFleet> {
  const home = join(request.root, 'home')
  const stateDir = join(request.root, 'state')
  for (const folder of [request.root, home, stateDir]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const folders = await installAll(request, join(home, '.npm'))
  const names = Object.values(practiceInstalls).map((install) => install.name)
  const packuments = await keepPackuments(names, join(request.root, 'registry'), request.signal)
  request.progress('starting server-everything')
  const yamlPath = join(request.root, 'upkeep.yaml')
  const port = await freePort(formerPort(yamlPath))
  const installed = { folder: folders.everything, name: practiceInstalls.everything.name }
  const started = await startEverything(installed, join(request.root, 'empty-home'), port, request.signal)
  try {
    writeClientFiles(home, started.url)
    const upkeepFile = writeUpkeepFile(yamlPath, started.url, packuments)
    return { place: placeOf(home, yamlPath), upkeepFile, stateDir, started, stop: started.stop }
  } catch (error) {
    await started.stop()
    throw error
  }
}

/** Two at a time: more gain nothing on two cores. The npm cache is left out of what stays, to be small. */
async function installAll(request: PracticeRequest, npmCache: string) {
  const where = { npmCache, workFolder: join(request.root, 'installing') }
  async function one(install: PracticeInstall): Promise<string> {
    const { folder, reused } = await ensureInstalled(install, where, request.signal)
    request.progress(`${requestOf(install)} ${reused ? 'is there, every byte as pinned' : 'installed, scripts off'}`)
    return folder
  }
  try {
    request.progress('checking four servers of the npm registry; what is missing is installed with scripts off')
    const [everything] = await both(one(practiceInstalls.everything), one(practiceInstalls.filesystem))
    await both(one(practiceInstalls.remote), one(practiceInstalls.github))
    return { everything }
  } finally {
    for (const rest of [where.workFolder, join(npmCache, '_cacache'), join(npmCache, '_logs')]) {
      rmSync(rest, { recursive: true, force: true })
    }
  }
}

/** Waits for both also when one fails, so that nothing is still being installed once the failure is told. */
async function both<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other])
  return Promise.all([one, other])
}

/** Always laid out as on Linux, whatever runs it: it is nobody's real home. */
function placeOf(home: string, upkeepFile: string): Place {
  const uid = process.getuid?.() ?? null
  return { id: home, home, platform: 'linux', env: {}, projects: [], machine: false, upkeepFile, uid }
}

/** The port of the last start, so that an unchanged practice fleet has an unchanged URL. */
function formerPort(upkeepFile: string): number {
  try {
    return Number(/127\.0\.0\.1:(\d{1,5})\/mcp/.exec(readFileSync(upkeepFile, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
