import { spawn } from 'node:child_process'
import { UserError } from '@upkeep/contract'

const longestRunMs = 180_000
const longestOutput = 4_000_000

/** Given to every command: no scripts, no second opinion from the network, little patience with a registry that does not answer. */
const always = [
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--loglevel=error',
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=500',
  '--fetch-timeout=30000',
]

/** Runs the npm that is on PATH and returns what it printed. Whatever goes wrong is `practice-unavailable`, with what to do about it. */
export async function runNpm(args: readonly string[], folder: string, signal: AbortSignal): Promise<string> {
  const ended = await start([...args, ...always], folder, signal)
  if (ended.exitCode === 0) return ended.stdout
  signal.throwIfAborted()
  throw npmFailed(args[0] ?? '', ended.stderr)
}

/** Lays out packages with npm, scripts off. Null when it did, else npm's own code of what went wrong: its output may quote credentials. */
export async function layOutWithNpm(
  args: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<string | null> {
  const ended = await start([...args, ...always], folder, signal)
  signal.throwIfAborted()
  return ended.exitCode === 0 ? null : errorCode(ended.stderr)
}

function start(args: readonly string[], folder: string, signal: AbortSignal) {
  return new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    const child = spawn('npm', [...args], {
      cwd: folder,
      env: environmentForNpm(process.env),
      // npm is a .cmd file on Windows, which only a shell starts; no argument of ours holds a character that a shell reads.
      shell: process.platform === 'win32',
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: longestRunMs,
      signal,
    })
    const output = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        if (output[name].length < longestOutput) output[name] += text
      })
    }
    child.on('error', (error) => reject(signal.aborted ? signal.reason : npmMissing(error)))
    child.on('close', (exitCode) => resolve({ exitCode, ...output }))
  })
}

/**
 * Under `npm start` the environment carries that npm's own settings for this package; another npm command in another folder would take
 * them for its own. Where the registry is and how to reach it are kept.
 */
function environmentForNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = /^npm_config_(registry|userconfig|globalconfig|proxy|https_proxy|noproxy|cafile|ca|strict_ssl|.*:.*)$/i
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_/i.test(name) || kept.test(name)))
}

function npmMissing(cause: Error): UserError {
  return new UserError(
    'practice-unavailable',
    'npm could not be started: no npm was found on PATH.',
    'Install npm (it comes with Node.js) and start again. A scan of this machine does not need it: upkeep scan',
    { cause },
  )
}

/** npm's output may quote addresses with credentials: only its error code is passed on. */
function npmFailed(command: string, stderr: string): UserError {
  const code = errorCode(stderr)
  return new UserError(
    'practice-unavailable',
    `npm ${command} did not succeed (${code}): the package registry could not be reached, or does not have the practice servers.`,
    'Check that `npm view mcp-remote version` works here, then start again. A scan of this machine needs no network: upkeep scan',
  )
}

function errorCode(stderr: string): string {
  return /^npm (?:error|ERR!) code ([A-Z0-9_]{2,40})$/m.exec(stderr)?.[1] ?? 'no code given'
}
