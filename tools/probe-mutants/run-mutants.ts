import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { constantAnswers } from './mutate-probe.ts'

const root = join(import.meta.dirname, '..', '..')
const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(z.object({ status: z.enum(['passed', 'failed', 'skipped', 'pending', 'todo']) })),
    }),
  ),
})

/** What the tests of one file came to, over all mutants. */
export interface MutantRun {
  file: string
  /** Runs in which some expectation failed: each stands for one answer that was not believed. */
  caught: number
  /** Runs in which all that was expected came out: nobody would notice that the body is gone. */
  survived: number
  /** Runs in which nothing could be tried on this machine. */
  skipped: number
}

export const answers = constantAnswers.length

/** The files of tests that some probe has. */
export function probeTests(which: 'unit' | 'lab'): string[] {
  const wanted = which === 'lab' ? /^[^/]+\/[^/]+\.lab\.test\.ts$/ : /^[^/]+\/probe\.test\.ts$/
  return readdirSync(join(root, 'probes'), { recursive: true, encoding: 'utf8' })
    .filter((path) => wanted.test(path) && !path.startsWith('node_modules'))
    .sort()
}

/** Runs the tests of all probes with each probe's body taken out, once for each constant answer. */
export async function runMutants(which: 'unit' | 'lab'): Promise<MutantRun[]> {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-mutants-'))
  const outputFile = join(folder, 'report.json')
  const words = ['run', '--config', join(import.meta.dirname, 'vitest.config.ts'), '--reporter=json']
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const env = { ...process.env, UPKEEP_MUTANTS: which }
  try {
    const command = [vitest, ...words, `--outputFile=${outputFile}`]
    // It ends with an error, as it should: what counts is what the report says.
    await promisify(execFile)(process.execPath, command, { cwd: root, env, maxBuffer: 1 << 28 }).catch(() => {})
    return counted(Report.parse(JSON.parse(readFileSync(outputFile, 'utf8'))))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function counted({ testResults }: z.infer<typeof Report>): MutantRun[] {
  const byFile = Map.groupBy(testResults, ({ name }) => name.slice(join(root, 'probes').length + 1))
  return [...byFile]
    .map(([file, runs]) => {
      const states = runs.map(({ assertionResults }) => assertionResults.map(({ status }) => status))
      const caught = states.filter((all) => all.includes('failed')).length
      const survived = states.filter((all) => !all.includes('failed') && all.includes('passed')).length
      return { file, caught, survived, skipped: states.length - caught - survived }
    })
    .sort((a, b) => a.file.localeCompare(b.file))
}
