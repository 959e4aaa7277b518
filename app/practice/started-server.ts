import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '@upkeep/contract'

const longestStartMs = 20_000

/** The one process that the practice fleet starts. */
export interface StartedServer {
  pid: number
  url: string
  /** Ends it and everything it started; waits until it is gone. */
  stop(): Promise<void>
}

/**
 * Read before the server's own code. Our end of its standard input closes when we end, however we end: then it ends itself and its
 * process group. It fetches nothing: it listens on every address without asking who calls, and has a tool that loads URLs.
 */
const guard = `
const end = () => { try { process.kill(-process.pid, 'SIGKILL') } catch {} process.exit(1) }
process.stdin.on('end', end).on('error', end).resume()
globalThis.fetch = () => Promise.reject(new Error('the practice server fetches nothing'))
`

/**
 * Starts server-everything over streamable HTTP from pinned bytes: empty home, empty environment, and Node's permission model, by which
 * it reads its own folder only, writes nothing and starts nothing.
 */
export async function startEverything(
  installed: { folder: string; name: string },
  emptyHome: string,
  port: number,
  signal: AbortSignal,
): Promise<StartedServer> {
  rmSync(emptyHome, { recursive: true, force: true })
  mkdirSync(emptyHome, { recursive: true, mode: 0o700 })
  const folder = realpathSync(installed.folder)
  const script = join(folder, 'node_modules', ...installed.name.split('/'), 'dist', 'index.js')
  const preload = `data:text/javascript,${encodeURIComponent(guard)}`
  const child = spawn(
    process.execPath,
    ['--permission', `--allow-fs-read=${folder}`, '--import', preload, script, 'streamableHttp'],
    {
      cwd: emptyHome,
      env: { HOME: emptyHome, PORT: String(port) },
      // Its own process group, so that a Ctrl-C in the terminal reaches it through us and all of it can be ended at once.
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  )
  const url = `http://127.0.0.1:${port}/mcp`
  try {
    await untilAnswering(child, url, signal)
  } catch (error) {
    await end(child)
    throw error
  }
  return { pid: child.pid ?? 0, url, stop: () => end(child) }
}

async function untilAnswering(child: ChildProcess, url: string, signal: AbortSignal): Promise<void> {
  child.on('error', () => undefined)
  for (let waited = 0; waited < longestStartMs; waited += 50) {
    signal.throwIfAborted()
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) break
    if (await answers(url)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new UserError(
    'practice-unavailable',
    'The practice server did not start to answer.',
    'Start again; if it happens again, upkeep doctor shows what was looked up where.',
  )
}

/** Any answer will do: without a session id this server answers 400. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) })
    await response.body?.cancel()
    return true
  } catch {
    return false
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
  await gone
}
