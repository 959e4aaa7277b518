import { defineConfig, mergeConfig } from 'vitest/config'
import lab from './vitest.config.ts'

// What takes too long for every change: more kills, more homes.
// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default mergeConfig(
  lab,
  defineConfig({ test: { env: { UPKEEP_LONG: '1' }, include: ['lab/e2e/kill.test.ts'], testTimeout: 3_600_000 } }),
)
