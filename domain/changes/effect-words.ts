import type { PlannedEffect } from '@upkeep/contract/change-plan'

/** How much a change touches, in words: `2 files`, `1 file and 3 entries of gateways`. */
export function effectWords(effects: readonly Pick<PlannedEffect, 'kind'>[]): string {
  const count = (of: PlannedEffect['kind']) => effects.filter(({ kind }) => kind === of).length
  const [entries, secrets] = [count('gateway-entry'), count('stored-secret')]
  const files = effects.length - entries - secrets
  const words = [
    ...(files === 0 && entries + secrets > 0 ? [] : [files === 1 ? '1 file' : `${files} files`]),
    ...(entries === 0 ? [] : [entries === 1 ? '1 entry of a gateway' : `${entries} entries of gateways`]),
    ...(secrets === 0 ? [] : [secrets === 1 ? '1 secret in a store' : `${secrets} secrets in stores`]),
  ]
  return words.length < 3 ? words.join(' and ') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
