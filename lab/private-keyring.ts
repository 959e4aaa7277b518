import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Whether a keyring of a Linux desktop can be started here; tests that need one are skipped by name without it. */
export const hasKeyring = ['secret-tool', 'gnome-keyring-daemon', 'dbus-daemon', 'dbus-send'].every(
  (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
)

/** A real gnome-keyring on a session bus of its own, as in the session of a desktop: unlocked, and empty. */
export interface PrivateKeyring {
  /** By these variables it is found. */
  readonly env: Readonly<Record<string, string>>
  /** What `secret-tool` prints; null where it did not end well. */
  tool(words: readonly string[], input?: string): string | null
  lock(): void
  stop(): Promise<void>
}

export async function privateKeyring(folder: string): Promise<PrivateKeyring> {
  const runtime = join(folder, 'run')
  mkdirSync(runtime, { recursive: true, mode: 0o700 })
  const bus = join(runtime, 'bus')
  const own = {
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${bus}`,
    XDG_RUNTIME_DIR: runtime,
    XDG_DATA_HOME: join(folder, 'data'),
  }
  const env = { PATH: process.env.PATH ?? '', HOME: folder, ...own }
  const started: ChildProcess[] = []
  started.push(
    spawn('dbus-daemon', ['--session', '--nofork', '--nopidfile', `--address=unix:path=${bus}`], {
      env,
      stdio: 'ignore',
    }),
  )
  await until(() => existsSync(bus))
  const daemon = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  daemon.stdin.end('\n')
  started.push(daemon)
  const send = (...words: string[]) =>
    spawnSync('dbus-send', ['--session', '--print-reply', ...words], { env, encoding: 'utf8' })
  const owner = [
    '--dest=org.freedesktop.DBus',
    '/',
    'org.freedesktop.DBus.NameHasOwner',
    'string:org.freedesktop.secrets',
  ]
  await until(() => send(...owner).stdout.includes('true'))
  const login = 'array:objpath:/org/freedesktop/secrets/collection/login'
  return {
    env: own,
    tool: (words, input = '') => {
      const { status, stdout } = spawnSync('secret-tool', words, { env, encoding: 'utf8', input })
      return status === 0 ? stdout : null
    },
    lock: () => {
      send('--dest=org.freedesktop.secrets', '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.Lock', login)
    },
    stop: async () => {
      for (const child of started.reverse()) {
        const gone = new Promise((resolve) => child.once('close', resolve))
        child.kill('SIGKILL')
        await gone
      }
    },
  }
}

async function until(is: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (is()) return
    await sleep(50)
  }
  throw new Error('the keyring did not start')
}
