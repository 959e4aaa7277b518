import { type ChangeInput, UserError } from '@upkeep/contract'
import { SecretDestination } from '@upkeep/contract/changes/move-secret'
import type { SecretStoreKind } from '@upkeep/contract/ports'
import type { Item } from '@upkeep/engine/report/report-model'

/** Where secrets go: the words of the command line, and what a change is then asked for. */
export function destinationOf(words: string): SecretDestination | null {
  if (words === 'file' || words === 'keyring') return { store: words }
  const [, store, rest = ''] = /^(op|vault):(?:\/\/)?(.+?)\/?$/.exec(words) ?? []
  const wanted = store === 'op' ? { store: '1password', vault: rest } : { store: 'vault', folder: rest }
  const read = SecretDestination.safeParse(store === undefined ? null : wanted)
  return read.success ? read.data : null
}

/** The changes, with every secret that is moved going where the person wants it. */
export function sentTo(inputs: ChangeInput[], words: string | undefined): ChangeInput[] {
  const to = words === undefined ? null : destinationOf(words)
  if (to === null) return inputs
  if (movesSecret(inputs)) return inputs.map((input) => (input.kind === 'move-secret' ? { ...input, to } : input))
  throw new UserError(
    'bad-input',
    '--secrets-to is about secrets that are moved, and none is.',
    'Use it with --move-secrets, or with a finding about a secret in plain text.',
  )
}

/** Whether a secret is moved among these changes. */
export function movesSecret(inputs: readonly ChangeInput[]): boolean {
  return inputs.some(({ kind }) => kind === 'move-secret')
}

const wordsOf = { keyring: 'keyring', '1password': 'op://<vault>', vault: 'vault:<folder>' } as const

/** Where else secrets can go on this machine, for whoever sees that some can be moved; empty where there is nothing to choose. */
export function storesText(items: readonly Item[], stores: readonly SecretStoreKind[]): string {
  const moves = items.some(({ changes }) => movesSecret(changes))
  if (!moves || stores.length === 0) return ''
  return `\nSecrets go into files of yours, or with --secrets-to ${stores.map((kind) => wordsOf[kind]).join(', ')} elsewhere.\n`
}
