import { defineConfig, mergeConfig } from 'vitest/config'
import lab from './vitest.config.ts'

// What takes too long for every change: more kills.
// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default mergeConfig(lab, defineConfig({ test: { env: { UPKEEP_LONG: '1' }, testTimeout: 3_600_000 } }))
