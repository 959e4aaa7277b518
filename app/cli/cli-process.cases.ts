import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A home of its own with a state folder of its own, and the program run in it as a user would. */
export interface TestHome {
  home: string
  state: string
}

export interface Finished {
  code: number | null
  out: string
  err: string
}

const program = join(import.meta.dirname, 'main.ts')

/** Makes a home with these files, by path in it. */
export function makeHome(files: Record<string, string>): TestHome {
  const root = mkdtempSync(join(tmpdir(), 'upkeep-cli-'))
  const home = join(root, 'home')
  mkdirSync(home)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true })
    writeFileSync(join(home, name), text)
  }
  return { home, state: join(root, 'state') }
}

/** Runs the program from its sources, in the home, with nothing of this process's environment but the path. */
export function upkeep(where: TestHome, ...argv: string[]): Promise<Finished> {
  return start(where, argv).done
}

/** Starts it, for what must be stopped. */
export function start(where: TestHome, argv: readonly string[]) {
  const env = { PATH: process.env.PATH, HOME: where.home, UPKEEP_HOME: where.state, LANG: 'C.UTF-8' }
  const child = spawn(process.execPath, [program, ...argv], { cwd: where.home, env })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text
  })
  const done = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })
  return { child, done }
}

/** Every byte that was written below a folder, as one text. */
export function everythingIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
}
