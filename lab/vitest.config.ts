import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// The summary of .ci/run adds up what each tier wrote here.
const counts = process.env.UPKEEP_TEST_COUNTS
// What is done once in a run, such as building the console, is known by it in every worker.
process.env.UPKEEP_TEST_RUN ??= `${process.pid}-${Date.now()}`

// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..'),
    include: ['lab/e2e/**/*.test.ts', '**/*.lab.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['lab/e2e/reference-fleet.ts'],
    setupFiles: ['lab/own-temp-folder.ts'],
    // Most of the time is spent waiting for real processes.
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 300_000,
    reporters: counts === undefined ? ['default'] : ['default', ['json', { outputFile: counts }]],
  },
})
