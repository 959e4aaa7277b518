import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildFixtures, type InstalledFixture } from './fixtures.ts'
import { npxRequests, projectOf, writeHome } from './home-files.ts'
import { buildNpmTrees, everythingScript, memoryFolder } from './npm-trees.ts'

/** The reference fleet on disk (F1, F2, F4), and what starts F3. */
export interface ReferenceFleet {
  home: string
  project: string
  everythingScript: string
  fixtures: readonly InstalledFixture[]
}

const crmPort = 3917
/** What a reset keeps of the home: it is checked by digest instead. */
const npmParts = new Set(['.npm', 'mcp-servers'])

/** Builds the reference fleet in `out`, or resets the one that is there: client files anew, npm's trees where they were altered. */
export async function buildFleet(out: string, progress: (line: string) => void): Promise<ReferenceFleet> {
  const home = join(out, 'home-laptop')
  mkdirSync(home, { recursive: true })
  const made = await buildNpmTrees(home, npxRequests, join(out, 'trees.json'), progress)
  progress(made === 0 ? 'npm trees are as they were made' : `${made} npm trees made`)
  for (const name of readdirSync(home)) {
    if (!npmParts.has(name)) rmSync(join(home, name), { recursive: true, force: true })
  }
  const memoryPackage = join(memoryFolder(home), 'node_modules/@modelcontextprotocol/server-memory')
  writeHome({ home, crmPort, memoryScript: join(memoryPackage, 'dist/index.js') })
  progress('packing and installing the fixture servers')
  const fixtures = await buildFixtures(join(out, 'fixtures'))
  const fleet = { home, project: projectOf(home), everythingScript: everythingScript(home), fixtures }
  writeFileSync(join(out, 'fleet.json'), `${JSON.stringify(fleet, null, 2)}\n`)
  return fleet
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string', default: '.cache/lab-fleet' } } })
  const started = performance.now()
  const fleet = await buildFleet(resolve(values.out), (line) => console.log(line))
  console.log(`reference fleet in ${resolve(values.out)} after ${((performance.now() - started) / 1_000).toFixed(1)} s`)
  console.log(`start F3: node lab/fleet/start-everything.ts bare | proxied   (from ${fleet.everythingScript})`)
}

if (import.meta.main) await main()
