import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import {
  cli,
  environmentOf,
  type Installation,
  newInstallation,
  removeInstallation,
  repository,
} from './installation.ts'

/** `upkeep serve` over an installation, as a person has it running. */
export interface ServedConsole {
  readonly installation: Installation
  readonly origin: string
  /** The link that opens it once. */
  readonly link: string
  stop(): Promise<void>
}

/** Builds the console as it stands now: what an earlier build left is no proof of anything. */
export function buildConsole(): void {
  const vite = join(repository, 'node_modules', 'vite', 'bin', 'vite.js')
  // As it is published: a test runner asks libraries for their builds for developers.
  const env = { ...process.env, NODE_ENV: 'production' }
  const built = spawnSync(process.execPath, [vite, 'build', 'console', '--logLevel', 'warn'], { cwd: repository, env })
  if (built.status !== 0) throw new Error(`the console cannot be built: ${built.stderr}`)
}

/** Starts it on a free port, and waits for its link. Nothing runs by itself: what is looked at is asked for. */
export function serveConsole(
  prepare: (home: string) => void,
  env: Readonly<Record<string, string>> = {},
): Promise<ServedConsole> {
  const installation = newInstallation()
  prepare(installation.home)
  const child = spawn(process.execPath, [cli, 'serve', '--port', '0', '--no-duties'], {
    // The project folder is the home: its upkeep.yaml is the one that counts.
    cwd: installation.home,
    env: environmentOf(installation, env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  async function stop(): Promise<void> {
    child.kill('SIGINT')
    await ended
    removeInstallation(installation)
  }
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (text: string) => {
      said += text
      const [link, origin] = /(http:\/\/[\w.]+:\d+)\/enter\?link=[\w-]+/.exec(said) ?? []
      if (link !== undefined && origin !== undefined) resolve({ installation, origin, link, stop })
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    child.once('close', () => reject(new Error(`upkeep serve ended: ${said}`)))
  })
}
