import type { PlannedEffect } from '@upkeep/contract/change-plan'

/** How much a change touches, in words: `2 files`, `one file and 3 entries of gateways`. */
export function effectWords(effects: readonly Pick<PlannedEffect, 'kind'>[]): string {
  const entries = effects.filter(({ kind }) => kind === 'gateway-entry').length
  const files = effects.length - entries
  const words = [
    ...(files === 0 && entries > 0 ? [] : [files === 1 ? '1 file' : `${files} files`]),
    ...(entries === 0 ? [] : [entries === 1 ? '1 entry of a gateway' : `${entries} entries of gateways`]),
  ]
  return words.join(' and ')
}
