import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const maxBuffer = 1 << 28

/** The peer, by its exact version: fetched into a temporary folder, no script of it is run while it is installed. */
export const peer = { name: 'mcporter', version: '0.9.0' }

/** Whole processes that list many servers: the peer's and ours, by turns. Null where the peer cannot be had. */
export async function processFigures(
  urls: readonly string[],
  rounds: number,
): Promise<{ ours: number[]; theirs: number[]; residentMiB: number[] } | null> {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-peer-'))
  try {
    const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder]
    await run('npm', [...words, `${peer.name}@${peer.version}`], { cwd: folder, maxBuffer })
    const [config, list] = [join(folder, 'servers.json'), join(folder, 'urls.json')]
    const mcpServers = Object.fromEntries(urls.map((url, at) => [`s${at}`, { url }]))
    writeFileSync(config, JSON.stringify({ mcpServers, imports: [] }))
    writeFileSync(list, JSON.stringify(urls))
    const theirs = [join(folder, 'node_modules', peer.name, 'dist', 'cli.js'), '--config', config, 'list', '--json']
    const ours = [join(import.meta.dirname, 'sweep-process.ts'), list]
    const said = join(folder, 'said.json')
    const env = { PATH: process.env.PATH, HOME: folder }
    const figures = { ours: [] as number[], theirs: [] as number[] }
    for (let round = 0; round <= rounds; round += 1) {
      const [a, b] = [await timed(theirs, env, said), await timed(ours, env, said)]
      const listed = [countIn(a.text), countIn(b.text)]
      if (listed.some((one) => one !== urls.length))
        throw new Error(`listed: ${listed.join(' and ')} of ${urls.length}`)
      // The first round warms both sides.
      if (round > 0) figures.theirs.push(a.ms)
      if (round > 0) figures.ours.push(b.ms)
    }
    const { residentMiB }: { residentMiB: number[] } = JSON.parse((await timed([...ours, '8'], env, said)).text)
    return { ...figures, residentMiB }
  } catch (error) {
    console.log(`${peer.name}: left out (${String(error).slice(0, 200)})`)
    return null
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What it says goes to a file: a program that ends before its pipe is read would lose the rest. */
async function timed(words: string[], env: Record<string, string | undefined>, said: string) {
  const file = openSync(said, 'w')
  const startedAt = performance.now()
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', file, 'inherit'] })
  await once(child, 'exit')
  const ms = performance.now() - startedAt
  closeSync(file)
  return { ms, text: readFileSync(said, 'utf8') }
}

function countIn(text: string): number {
  const said: { counts?: { ok?: number }; listed?: number } = JSON.parse(text)
  return said.counts?.ok ?? said.listed ?? 0
}
