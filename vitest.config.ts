import { defineConfig } from 'vitest/config'

// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    globalSetup: ['lab/postgres/vitest-setup.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'lab/e2e/**'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
})
