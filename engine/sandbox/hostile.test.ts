import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { identifyProcess, writeIdentity } from '../kernel/process-identity.ts'
import { groupVersion } from './control-group.ts'
import { escapes } from './escapes.ts'
import { openStaging, removeLeftovers } from './staging.ts'
import { backendsHere } from './testing/backends.ts'
import { hostileServers } from './testing/hostile-servers.ts'

const isRoot = process.getuid?.() === 0
/** Whoever runs the tests; and where that is root, an ordinary user as well. */
const users = isRoot
  ? [
      { who: 'root', uid: 0 },
      { who: 'an ordinary user', uid: 65_534 },
    ]
  : [{ who: 'an ordinary user', uid: null }]
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function folderFor(uid: number | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-test-hostile-'))
  if (uid !== null) chownSync(folder, uid, uid)
  chmodSync(folder, 0o700)
  folders.push(folder)
  return folder
}

function program(uid: number | null, args: readonly string[]) {
  const as = uid === null ? {} : { uid, gid: uid }
  return spawn(process.execPath, [join(import.meta.dirname, 'testing', 'run-hostile.ts'), ...args], {
    ...as,
    env: { PATH: process.env.PATH, TMPDIR: tmpdir() },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function answerOf(uid: number | null, args: readonly string[]): Promise<unknown> {
  const child = program(uid, args)
  let text = ''
  for await (const chunk of child.stdout) text += chunk
  return JSON.parse(text)
}

const backends = await backendsHere()
const cases = backends.flatMap(({ launcher, works }) => users.map((user) => ({ id: launcher.id, works, ...user })))

describe.each(cases)('$id as $who', ({ id, works, uid }) => {
  test.skipIf(!works)('every attempt to escape is held, and nothing is left', { timeout: 120_000 }, async () => {
    const [tempDir, home] = [folderFor(uid), folderFor(uid)]
    // Open to all: only the walls keep a server from what lies in them.
    for (const folder of [tempDir, home]) chmodSync(folder, 0o755)
    writeFileSync(join(home, 'real-home-canary'), 'x')
    const [done] = z(await answerOf(uid, ['escapes', id, tempDir, home]))
    expect(done?.state, JSON.stringify(done)).toBe('tried')
    expect(done?.results?.map((one) => [one.id, one.held, one.left])).toEqual(escapes.map((one) => [one.id, true, []]))
    expect(readdirSync(tempDir)).toEqual([])
  })

  test.skipIf(!works)('every hostile server is contained, bounded and reported', { timeout: 180_000 }, async () => {
    const tempDir = folderFor(uid)
    const results: unknown = await answerOf(uid, ['servers', id, tempDir])
    for (const { name, ends } of hostileServers)
      expect(results, name).toMatchObject({ [name]: { ended: ends, leftBehind: [] } })
    expect(results).toMatchObject({ 'answers with JSON that is nested a million deep': { longest: 65_536 } })
    expect(readdirSync(tempDir)).toEqual([])
  })

  test.skipIf(!works)(
    'when we are killed it dies with us, and the next start clears what lies about',
    { timeout: 60_000 },
    async () => {
      const tempDir = folderFor(uid)
      // Nobody else on this machine sleeps for just so long.
      const seconds = 4_000_000 + randomInt(1_000_000)
      const child = program(uid, ['hold', id, tempDir, String(seconds)])
      for await (const chunk of child.stdout) if (String(chunk).includes('up')) break
      await expect.poll(() => sleepers(seconds), { timeout: 10_000 }).toBe(1)
      child.kill('SIGKILL')
      await expect.poll(() => sleepers(seconds), { timeout: 10_000 }).toBe(0)
      const left = readdirSync(tempDir)
      expect(left).toHaveLength(1)
      const groups = groupsNamed(left)
      expect(groups.length > 0).toBe(uid === 0 && groupVersion() !== null)
      expect(await answerOf(uid, ['backend', id, tempDir])).toMatchObject({ id })
      expect([readdirSync(tempDir), groupsNamed(left)]).toEqual([[], []])
    },
  )
})

test('what another process still uses is not cleared; what one that has ended used is, and nothing that is not ours', () => {
  const tempDir = folderFor(null)
  const [used, left] = [openStaging(tempDir), openStaging(tempDir)]
  mkdirSync(join(tempDir, 'upkeep-sandbox-of-nobody'))
  const owner = identifyProcess()
  // The same process number, begun at another time: the one that had it before.
  writeFileSync(join(left.folder, 'owner.json'), writeIdentity({ ...owner, started: `${Number(owner.started) - 1}` }))
  expect(removeLeftovers(tempDir)).toEqual([left.name])
  expect(readdirSync(tempDir).sort()).toEqual([used.name, 'upkeep-sandbox-of-nobody'].sort())
  used.remove()
  expect(readdirSync(tempDir)).toEqual(['upkeep-sandbox-of-nobody'])
})

interface Tried {
  state: string
  results?: { id: string; held: boolean; left: string[] }[]
}

function z(value: unknown): Tried[] {
  return Array.isArray(value) ? value : []
}

/** Processes of this machine that sleep as the held server's child does. */
function sleepers(seconds: number): number {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLine)
  return lines.filter((line) => line === `sleep\x00${seconds}\x00`).length
}

/** Control groups of this machine that bear the name of a run. */
function groupsNamed(names: readonly string[]): string[] {
  const root = '/sys/fs/cgroup'
  const parents = [root, ...namesIn(root).map((name) => join(root, name))]
  return parents.flatMap((parent) => namesIn(parent).filter((name) => names.includes(name)))
}

function namesIn(folder: string): string[] {
  return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : []
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
