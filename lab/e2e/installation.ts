import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type OnTerminal, onTerminal, type Typed } from '../terminal.ts'

export const repository = resolve(import.meta.dirname, '..', '..')
/** The product's door, run from source. */
export const cli = join(repository, 'app', 'cli', 'main.ts')

/** One installation of the product, alone in a temporary folder: a home to look at and a state folder. */
export interface Installation {
  root: string
  home: string
  stateDir: string
  /** An empty folder to run in, so that no project configuration is found by accident. */
  cwd: string
}

/** The sources are compiled once for all the processes of the tests: half of what starting one costs. */
const compiledSources = join(repository, '.cache', 'compiled')

let installations = 0

/** Makes an installation with an empty home, or one that looks at an existing home. */
export function newInstallation(home?: string): Installation {
  // Short, so that lines do not wrap; not drawn at random, since that may look like a secret, which is hidden.
  installations += 1
  const root = join(tmpdir(), `up-${inLetters(process.pid)}-${inLetters(installations)}`)
  rmSync(root, { recursive: true, force: true })
  mkdirSync(root, { mode: 0o700 })
  const made = { root, home: home ?? join(root, 'home'), stateDir: join(root, 'state'), cwd: join(root, 'cwd') }
  for (const folder of [made.home, made.cwd]) mkdirSync(folder, { recursive: true })
  return made
}

/** A number without digits: letters and digits that take turns look drawn at random. */
function inLetters(number: number): string {
  return [...`${number}`].map((digit) => 'abcdefghij'[Number(digit)]).join('')
}

/** Removes everything of an installation but a home that it was lent. */
export function removeInstallation(installation: Installation): void {
  rmSync(installation.root, { recursive: true, force: true })
}

/** Writes files below a folder: path to text. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

/** How a process ended and what it printed. */
export interface Ended {
  exitCode: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  env?: Readonly<Record<string, string>>
  cwd?: string
  /** Run as this user and group; takes root. */
  uid?: number
  /** What runs instead of node with the product's door. */
  command?: readonly string[]
}

/** Runs the product to its end. */
export function upkeep(installation: Installation, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return ended(startUpkeep(installation, args, options))
}

/** Starts the product and returns its process. The environment holds what it needs and nothing of the developer's. */
export function startUpkeep(
  installation: Installation,
  args: readonly string[],
  options: RunOptions = {},
): ChildProcess {
  const [program = '', ...before] = options.command ?? [process.execPath, cli]
  // What is watched, or is no source, keeps no compiled code beside it.
  const notKept: Record<string, string> = options.command === undefined ? {} : { NODE_DISABLE_COMPILE_CACHE: '1' }
  return spawn(program, [...before, ...args], {
    cwd: options.cwd ?? installation.cwd,
    env: environmentOf(installation, { ...notKept, ...options.env }),
    stdio: ['ignore', 'pipe', 'pipe'],
    // Shorter than any test: what hangs is ended, and shows as a null exit code.
    timeout: 150_000,
    killSignal: 'SIGKILL',
    ...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
  })
}

export function environmentOf(installation: Installation, extra: Readonly<Record<string, string>> = {}) {
  const { home, stateDir } = installation
  const own = { HOME: home, UPKEEP_HOME: stateDir, NODE_COMPILE_CACHE: compiledSources }
  return { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', ...own, ...extra }
}

/** Takes a decision as a person does: at a terminal, with a yes and the passphrase of a key that is made where there is none yet. */
export async function decide(
  installation: Installation,
  args: readonly string[],
  { product = [process.execPath, cli], first = [] }: { product?: readonly string[]; first?: readonly Typed[] } = {},
): Promise<OnTerminal> {
  const { file, types } = personKey(installation)
  const command = [...product, ...args, '--key', file]
  return onTerminal(command, { env: environmentOf(installation), cwd: installation.cwd, types: [...first, ...types] })
}

/** The key of the person, and what they type when they are asked. */
export function personKey(installation: Installation): { file: string; types: readonly Typed[] } {
  const file = join(installation.root, 'person')
  const passphrase = 'open sesame'
  if (!existsSync(file)) spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', file])
  const types: readonly Typed[] = [
    ['[yes/no]', 'yes'],
    ['passphrase', passphrase],
    ['passphrase', passphrase],
  ]
  return { file, types }
}

/** Waits for a process and gathers what it prints. */
export function ended(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const output = { stdout: '', stderr: '' }
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text
    })
    child.on('error', reject)
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, ...output }))
  })
}
