import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  cli,
  type Ended,
  environmentOf,
  type Installation,
  newInstallation,
  removeInstallation,
  upkeep,
} from './installation.ts'

let installation: Installation
let secret: string
beforeEach(() => {
  installation = newInstallation()
  secret = join(installation.root, 'secret')
  writeFileSync(secret, '# upkeep secret 0123456789abcdef\ncanary of a secret\n', { mode: 0o600 })
})
afterEach(() => removeInstallation(installation))

const shows =
  'process.stdout.write(JSON.stringify([process.ppid, process.env.TOKEN, ...process.argv.slice(1)])); process.exit(7)'

function started(
  words: readonly string[],
  behind: readonly string[] = ['node', '-e', shows, 'a{{KEY}}b', '{{OTHER}}'],
): Promise<Ended> {
  return upkeep(installation, ['run-with', ...words, '--', ...behind])
}

test('the launcher becomes the server, with the secret as a variable and in an argument', async () => {
  const { stdout, stderr, exitCode } = await started(['--set', 'TOKEN', secret, '--fill', 'KEY', secret])
  // In the place of the launcher: its parent is ours, and its exit code too.
  expect(JSON.parse(stdout)).toEqual([process.pid, 'canary of a secret', 'acanary of a secretb', '{{OTHER}}'])
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 7 })
})

test.each<[string, () => unknown, RegExp]>([
  ['others can read the secret', () => chmodSync(secret, 0o640), /can be read by others/],
  [
    'the secret is gone',
    () => {
      secret = join(installation.root, 'gone')
    },
    /cannot be read/,
  ],
  [
    'it is a link',
    () => {
      symlinkSync(secret, `${secret}-link`)
      secret = `${secret}-link`
    },
    /cannot be read/,
  ],
  [
    'its store is none',
    () => {
      secret = 'https://h.example/secret'
    },
    /is no place of a secret/,
  ],
])('nothing is started where %s', async (_, spoil, why) => {
  spoil()
  const { stdout, stderr, exitCode } = await started(['--set', 'TOKEN', secret])
  expect(stdout).toBe('')
  expect(stderr).toMatch(why)
  expect(stderr).not.toContain('canary')
  expect(exitCode).toBe(2)
})

test('words that are not understood, and programs that are not there, are said', async () => {
  expect((await started(['--give', 'TOKEN', secret])).stderr).toMatch(/not understood/)
  expect((await started([], ['no-such-program-anywhere'])).stderr).toMatch(/no-such-program-anywhere is not there/)
})

const hasKeyring = ['secret-tool', 'gnome-keyring-daemon', 'dbus-run-session'].every(
  (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
)

test.skipIf(!hasKeyring)(
  'what a person keeps in the keyring of a Linux desktop is read from it (needs gnome-keyring, libsecret-tools, dbus)',
  async () => {
    const keep = "printf %s 'canary of a secret' | secret-tool store --label=work service work account gh"
    const run = (source: string) =>
      `"$NODE" "$CLI" run-with --set TOKEN '${source}' -- node -e 'console.log(process.env.TOKEN)'`
    const script = [
      'echo | gnome-keyring-daemon --unlock --components=secrets > /dev/null',
      keep,
      run('keyring://work#gh'),
      `${run('keyring://work#other')} || echo "ended with $?"`,
    ].join('\n')
    const runtime = join(installation.root, 'run')
    mkdirSync(runtime, { mode: 0o700 })
    const own = { XDG_RUNTIME_DIR: runtime, XDG_DATA_HOME: join(installation.root, 'data') }
    const env = { ...environmentOf(installation, own), NODE: process.execPath, CLI: cli }
    const { stdout, stderr } = spawnSync('dbus-run-session', ['--', 'sh', '-c', script], {
      env,
      cwd: installation.cwd,
      encoding: 'utf8',
      timeout: 30_000,
    })
    expect(stdout).toBe('canary of a secret\nended with 2\n')
    expect(stderr).toMatch(/keyring:\/\/work#other was not fetched/)
    expect(stderr).not.toContain('canary')
  },
)
