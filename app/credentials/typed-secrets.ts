import type { ChangeInput } from '@upkeep/contract'
import { keptBytesIn } from '@upkeep/engine/change/kept-bytes'

/** What persons typed for changes that are not made yet: encrypted as the bytes of changes are, by a keyed hash of each. */
export interface TypedSecrets {
  keep(fingerprint: string, secret: string): void
  /** Null when nothing of that hash is kept. */
  read(fingerprint: string): string | null
  forget(fingerprint: string): void
}

export function typedIn(stateDir: string): TypedSecrets {
  const kept = keptBytesIn(stateDir)
  const folder = (fingerprint: string) => `typed-${fingerprint}`
  return {
    keep: (fingerprint, secret) => kept.keep(folder(fingerprint), 'secret', new TextEncoder().encode(secret)),
    read(fingerprint) {
      if (!/^[0-9a-f]{16}$/.test(fingerprint)) return null
      const bytes = kept.read(folder(fingerprint), 'secret')
      return bytes === null ? null : new TextDecoder().decode(bytes)
    },
    forget: (fingerprint) => kept.forget(folder(fingerprint)),
  }
}

/** Once a change is closed, what was typed for it lies in the bytes of the change alone. */
export function forgetTyped(stateDir: string, inputs: readonly ChangeInput[]): void {
  for (const input of inputs)
    if (input.kind === 'rotate-credential' && input.to.is === 'value' && input.to.from.startsWith('typed:'))
      typedIn(stateDir).forget(input.to.from.slice('typed:'.length))
}
