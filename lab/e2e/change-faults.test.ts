import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  type Ended,
  ended,
  type Installation,
  newInstallation,
  removeInstallation,
  upkeep,
  writeFiles,
} from './installation.ts'
import { said } from './product.ts'
import { storedSteps } from './state-database.ts'

const driver = join(import.meta.dirname, 'change-driver.ts')
const config = '.cursor/mcp.json'
const text = '{\n  "starts": 0,\n  "mcpServers": { "fs": { "command": "npx", "args": ["-y", "fs@1.0.0", "/"] } }\n}\n'

/** A change of one argument, in an installation whose home may lie on a file system of its own. */
async function withChange(
  prepare: (home: string) => void,
  use: (installation: Installation) => Promise<void>,
): Promise<void> {
  const installation = newInstallation()
  try {
    prepare(installation.home)
    writeFiles(installation.home, { [config]: text })
    const narrower = { kind: 'replace', index: 2, from: '/', to: '/srv' }
    const input = { kind: 'set-server-args', path: join(installation.home, config), server: 'fs', changes: [narrower] }
    writeFiles(installation.root, { 'inputs.json': JSON.stringify([input]) })
    await use(installation)
  } finally {
    removeInstallation(installation)
  }
}

/** Proposes and approves the change, and returns its id. */
async function proposed(installation: Installation): Promise<string> {
  const { stdout, ...rest } = await upkeep(installation, ['propose', join(installation.root, 'inputs.json')], {
    command: [process.execPath, driver],
  })
  const id = stdout.trim()
  if (rest.exitCode !== 0 || id === '') throw new Error(said({ stdout, ...rest }))
  return id
}

function fix(installation: Installation, id: string): Promise<Ended> {
  return upkeep(installation, ['fix', '--change', id])
}

const mayMount = process.platform === 'linux' && process.getuid?.() === 0 && mounts()

function mounts(): boolean {
  const folder = `/tmp/upkeep-mount-${process.pid}`
  mkdirSync(folder)
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe.skipIf(!mayMount)('a home on a disk of its own (takes root and mount)', () => {
  test.each([
    [
      'is full',
      /the disk is full/,
      (home: string) => writeFileSync(join(home, 'filler'), Buffer.alloc(1 << 20)),
      'rolled-back',
    ],
    [
      'became read-only',
      /read-only/,
      (home: string) => execFileSync('mount', ['-o', 'remount,ro', home]),
      'rolled-back',
    ],
  ] as const)(
    'that %s: nothing is lost, nothing is left beside, and the record says why',
    async (_, why, spoil, outcome) => {
      let mounted = ''
      const prepare = (home: string) => {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', home])
        mounted = home
      }
      try {
        await withChange(prepare, async (installation) => {
          const id = await proposed(installation)
          try {
            spoil(installation.home)
          } catch {
            // Writing until the disk is full ends in an error, as it should.
          }
          const end = await fix(installation, id)
          expect(end.exitCode, said(end)).toBe(1)
          expect(readFileSync(join(installation.home, config), 'utf8')).toBe(text)
          expect(readdirSync(join(installation.home, '.cursor'))).toEqual(['mcp.json'])
          const steps = storedSteps(installation, id)
          expect(steps.find(({ is }) => is === 'undoing')).toMatchObject({ why: expect.stringMatching(why) })
          expect(steps.at(-1)).toMatchObject({ is: 'closed', outcome })
          execFileSync('umount', [installation.home])
          mounted = ''
        })
      } finally {
        if (mounted !== '' && existsSync(mounted)) execFileSync('umount', [mounted])
      }
    },
  )
})

test('a file that somebody replaced since the plan is left as it is, and the plan is made anew', async () => {
  await withChange(
    () => {},
    async (installation) => {
      const id = await proposed(installation)
      const theirs = text.replace('"starts": 0', '"starts": 7')
      rmSync(join(installation.home, config))
      writeFiles(installation.home, { [config]: theirs })
      const refused = await fix(installation, id)
      expect(refused.stderr).toMatch(/no longer what change .* was made from\. Nothing was written/)
      expect(readFileSync(join(installation.home, config), 'utf8')).toBe(theirs)
      const given = await upkeep(installation, ['changes', id, '--abandon'])
      expect(given.exitCode, said(given)).toBe(0)
      const again = await proposed(installation)
      expect((await fix(installation, again)).exitCode).toBe(0)
      expect(readFileSync(join(installation.home, config), 'utf8')).toBe(theirs.replace('"/"', '"/srv"'))
    },
  )
})

test('a client that rewrites its file all the time loses nothing, and neither do we', async () => {
  await withChange(
    () => {},
    async (installation) => {
      const path = join(installation.home, config)
      const client = spawn(process.execPath, [join(import.meta.dirname, 'rewriting-client.ts'), path])
      const over = ended(client)
      const root = () => JSON.parse(readFileSync(path, 'utf8')).mcpServers.fs.args[2]
      const settle = () =>
        upkeep(installation, ['settle', join(installation.root, 'inputs.json')], {
          command: [process.execPath, driver],
        })
      let made = await settle()
      // The client may have read before our swap and written after it: then its word stands, and the change is made again.
      for (let more = 5; more > 0 && made.exitCode === 0 && root() !== '/srv'; more -= 1) made = await settle()
      expect(made.exitCode, said(made)).toBe(0)
      const undone = await upkeep(installation, ['undo', made.stdout.trim()])
      client.stdin.end()
      const { stdout } = await over
      expect([0, 1], said(undone)).toContain(undone.exitCode)
      expect(['/', '/srv']).toContain(root())
      const { count, lost, broken } = JSON.parse(stdout)
      expect(count).toBeGreaterThan(10)
      expect({ lost, broken }).toEqual({ lost: 0, broken: 0 })
    },
  )
})
