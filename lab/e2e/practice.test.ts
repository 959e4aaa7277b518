import { spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPractice, type PracticeFleet } from '@upkeep/app/practice/build-practice'
import { npxFolder, practiceInstalls, requestOf } from '@upkeep/app/practice/installs'
import { afterAll, expect, test } from 'vitest'

const root = join(mkdtempSync(join(tmpdir(), 'upkeep-practice-')), 'practice')
afterAll(() => rmSync(join(root, '..'), { recursive: true, force: true }))

async function built(): Promise<{ fleet: PracticeFleet; seconds: number; said: string[] }> {
  const said: string[] = []
  const from = performance.now()
  const fleet = await buildPractice({ root, progress: (line) => said.push(line), signal: new AbortController().signal })
  return { fleet, said, seconds: (performance.now() - from) / 1_000 }
}

async function status(url: string): Promise<number | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    await response.body?.cancel()
    return response.status
  } catch {
    return null
  }
}

test('cold: four servers within a minute, one started, and it ends when told', async () => {
  const { fleet, seconds } = await built()
  console.log(`practice fleet, cold: ${seconds.toFixed(1)} s (limit 60 s)`)
  expect(seconds).toBeLessThan(180)
  expect(readdirSync(join(fleet.place.home, '.npm', '_npx'))).toHaveLength(4)
  expect(await status(fleet.started.url)).toBe(400)
  await fleet.stop()
  expect(await status(fleet.started.url)).toBeNull()
})

test('warm: the same bytes and the same URL again, in seconds', async () => {
  const { fleet, seconds, said } = await built()
  await fleet.stop()
  console.log(`practice fleet, warm: ${seconds.toFixed(1)} s`)
  expect(seconds).toBeLessThan(15)
  expect(said.filter((line) => /every byte as pinned/.test(line))).toHaveLength(4)
  expect((await again(fleet)).started.url).toBe(fleet.started.url)
})

async function again(earlier: PracticeFleet): Promise<PracticeFleet> {
  const { fleet } = await built()
  await fleet.stop()
  expect(fleet.place).toEqual(earlier.place)
  return fleet
}

test('an altered byte is seen, and the server installed anew before it is started', async () => {
  const cache = join(root, 'home', '.npm')
  const folder = npxFolder(cache, requestOf(practiceInstalls.everything))
  const script = join(folder, 'node_modules', practiceInstalls.everything.name, 'dist', 'index.js')
  appendFileSync(script, '\nprocess.exit(3)\n')
  const { fleet, said } = await built()
  await fleet.stop()
  expect(said.filter((line) => /installed, scripts off/.test(line))).toHaveLength(1)
  expect(readFileSync(script, 'utf8')).not.toContain('process.exit(3)')
})

test('the started server has an empty environment', async () => {
  const { fleet } = await built()
  const environment = readFileSync(`/proc/${fleet.started.pid}/environ`, 'utf8').split('\0').filter(Boolean)
  await fleet.stop()
  expect(environment.map((one) => one.split('=')[0]).sort()).toEqual(['HOME', 'PORT'])
})

test('the packuments list 2.0.1 beside the registry’s latest', () => {
  const text = readFileSync(join(root, 'registry', 'modelcontextprotocol-server-filesystem.json'), 'utf8')
  const packument: { versions: object; 'dist-tags': Record<string, string> } = JSON.parse(text)
  expect(Object.keys(packument.versions)).toContain('2.0.1')
  expect(packument['dist-tags'].latest).toBeDefined()
})

test.each(['SIGKILL', 'SIGINT'] as const)('the server ends when its parent gets %s', async (signal) => {
  const program = `import { buildPractice } from '@upkeep/app/practice/build-practice'
const fleet = await buildPractice({ root: ${JSON.stringify(root)}, progress() {}, signal: new AbortController().signal })
console.log(JSON.stringify(fleet.started)); setInterval(() => {}, 1000)`
  const options = { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] as const }
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    ...options,
    stdio: [...options.stdio],
  })
  const line = await new Promise<string>((resolve) => parent.stdout?.once('data', (text) => resolve(String(text))))
  const started: { url: string } = JSON.parse(line)
  expect(await status(started.url)).toBe(400)
  const gone = new Promise((resolve) => parent.once('close', resolve))
  parent.kill(signal)
  await gone
  await expect.poll(() => status(started.url), { timeout: 5_000 }).toBeNull()
})
