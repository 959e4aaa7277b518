import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { constantAnswers, mutateProbe } from './mutate-probe.ts'

const root = join(import.meta.dirname, '..', '..')
const include = process.env.UPKEEP_MUTANTS === 'lab' ? ['probes/*/*.lab.test.ts'] : ['probes/*/probe.test.ts']

/** The tests of all probes, once for each answer that a probe without a body could give. All of it has to fail. */
// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default defineConfig({
  test: {
    projects: constantAnswers.map((answer) => ({
      plugins: [
        {
          name: 'probe-mutants',
          enforce: 'pre' as const,
          transform: (code: string, id: string) =>
            /\/probes\/[^/]+\/(?:server-)?probe\.ts$/.test(id.split('?')[0] ?? '') ? mutateProbe(code, answer) : null,
        },
      ],
      // Each mutant is a project with modules of its own; its files may share them, which takes a quarter of the time.
      test: { name: answer, root, include, testTimeout: 20_000, isolate: false },
    })),
  },
})
