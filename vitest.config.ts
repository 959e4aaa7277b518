import { defineConfig } from 'vitest/config'

// The summary of .ci/run adds up what each tier wrote here.
const counts = process.env.UPKEEP_TEST_COUNTS
// What is done once in a run, such as building the console, is known by it in every worker.
process.env.UPKEEP_TEST_RUN ??= `${process.pid}-${Date.now()}`

// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.lab.test.ts', 'lab/e2e/**'],
    // Much of the time is spent waiting for processes and databases.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    reporters: counts === undefined ? ['default'] : ['default', ['json', { outputFile: counts }]],
  },
})
