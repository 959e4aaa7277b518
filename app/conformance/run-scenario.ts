import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { printable } from '@upkeep/domain/printable'
import { z } from 'zod'

const maxBytes = 1 << 20
const limitMs = 60_000

const Checks = z
  .array(z.looseObject({ id: z.string(), status: z.string(), errorMessage: z.string().optional() }))
  .min(1)
  .max(1_000)

/** What the suite says of one scenario. `unknown`: it gave no result, and `detail` says why. */
export interface ScenarioResult {
  result: 'passed' | 'failed' | 'warned' | 'unknown'
  detail: string
}

/** Runs one scenario of the suite in a folder of its own, without anything of this environment, for a minute at most. */
export async function runScenario(run: {
  script: string
  url: string
  scenario: string
  nodePath: string
  signal: AbortSignal
}): Promise<ScenarioResult> {
  const folder = await mkdtemp(join(tmpdir(), 'upkeep-conformance-'))
  try {
    const words = [run.script, 'server', '--url', run.url, '--scenario', run.scenario, '-o', folder]
    const ended = await ran(run.nodePath, words, folder, run.signal)
    run.signal.throwIfAborted()
    if (ended === 'timed-out') return unknown(`it did not end within ${limitMs / 1_000} s`)
    return judged(await checksIn(folder))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function ran(
  nodePath: string,
  words: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<'ended' | 'timed-out'> {
  return new Promise((resolve) => {
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: folder, TMPDIR: folder, NO_COLOR: '1' }
    const child = spawn(nodePath, words, { cwd: folder, env, stdio: 'ignore', detached: true })
    const kill = () => {
      // A group of its own, so that what it started ends with it.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }
    let outcome: 'ended' | 'timed-out' = 'ended'
    const timer = setTimeout(() => {
      outcome = 'timed-out'
      kill()
    }, limitMs)
    signal.addEventListener('abort', kill, { once: true })
    const settle = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', kill)
      resolve(outcome)
    }
    child.on('error', settle)
    child.on('exit', settle)
  })
}

async function checksIn(folder: string): Promise<z.infer<typeof Checks> | null> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('checks.json'))
  const [name] = names
  if (name === undefined) return null
  const path = join(folder, name)
  if ((await stat(path)).size > maxBytes) return null
  try {
    return Checks.safeParse(JSON.parse(await readFile(path, 'utf8'))).data ?? null
  } catch {
    return null
  }
}

function judged(checks: z.infer<typeof Checks> | null): ScenarioResult {
  if (checks === null) return unknown('it left no result that can be read')
  const failed = checks.filter(({ status }) => status === 'FAILURE')
  if (failed.length > 0) {
    const detail = failed.map(({ id, errorMessage = 'failed' }) => `${id}: ${errorMessage}`).join('; ')
    return { result: 'failed', detail: printable(detail, { maxLength: 300 }) }
  }
  const warned = checks.some(({ status }) => status === 'WARNING')
  const passed = checks.filter(({ status }) => status === 'SUCCESS').length
  if (!warned && passed === 0) return unknown('none of its checks was made')
  return { result: warned ? 'warned' : 'passed', detail: `${passed} of ${checks.length} checks` }
}

function unknown(detail: string): ScenarioResult {
  return { result: 'unknown', detail }
}
