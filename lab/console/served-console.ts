import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  cli,
  environmentOf,
  type Installation,
  newInstallation,
  removeInstallation,
  repository,
} from '../e2e/installation.ts'

/** `upkeep serve` over an installation, as a person has it running. */
export interface ServedConsole {
  readonly installation: Installation
  readonly origin: string
  /** The link that opens it once; null where people sign in. */
  readonly link: string | null
  /** All that it printed so far. */
  said(): string
  stop(): Promise<void>
}

/**
 * Builds the console as it stands now: what an earlier build left is no proof of anything. Once in a run of tests: whoever comes first builds,
 * the others wait, so that nobody serves from a folder that is being emptied.
 */
export function buildConsole(): void {
  const mark = join(repository, '.cache', 'console-built', process.env.UPKEEP_TEST_RUN ?? `${process.pid}`)
  const done = join(mark, 'done')
  if (mkdirSync(mark, { recursive: true }) === undefined) waitFor(done)
  else {
    writeFileSync(`${done}.draft`, built())
    renameSync(`${done}.draft`, done)
  }
  const failed = readFileSync(done, 'utf8')
  if (failed !== '') throw new Error(failed)
}

const longestMs = 240_000

function waitFor(file: string): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; !existsSync(file); waited += 200) {
    if (waited > longestMs) throw new Error('whoever builds the console does not come to an end')
    Atomics.wait(sleeper, 0, 0, 200)
  }
}

/** Why it could not be built; empty where it was. */
function built(): string {
  const vite = join(repository, 'node_modules', 'vite', 'bin', 'vite.js')
  // As it is published: a test runner asks libraries for their builds for developers.
  const env = { ...process.env, NODE_ENV: 'production' }
  const { status, stderr } = spawnSync(process.execPath, [vite, 'build', 'console', '--logLevel', 'warn'], {
    cwd: repository,
    env,
  })
  return status === 0 ? '' : `the console cannot be built: ${stderr}`
}

export interface ServeOptions {
  /** Further words of the command. */
  readonly words?: readonly string[]
  /** What else is in its environment, asked for when the home was prepared. */
  readonly env?: () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>
}

const linkLine = /(http:\/\/[\w.]+:\d+)\/enter\?link=[\w-]+(?=\s)/
const teamLine = /upkeep is at (http:\/\/localhost:\d+)\. People sign in there with/

/** Starts it on a free port, and waits until it says where it is. Nothing runs by itself: what is looked at is asked for. */
export async function serveConsole(
  prepare: (home: string) => void | Promise<void>,
  { words = [], env = () => ({}) }: ServeOptions = {},
): Promise<ServedConsole> {
  const installation = newInstallation()
  await prepare(installation.home)
  const child = spawn(process.execPath, [cli, 'serve', '--port', '0', '--no-duties', ...words], {
    // The project folder is the home: its upkeep.yaml is the one that counts.
    cwd: installation.home,
    env: environmentOf(installation, await env()),
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
      const [link = null, origin] = linkLine.exec(said) ?? [null, teamLine.exec(said)?.[1]]
      if (origin !== undefined) resolve({ installation, origin, link, said: () => said, stop })
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    child.once('close', () => reject(new Error(`upkeep serve ended: ${said}`)))
  })
}
