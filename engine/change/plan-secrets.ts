import type { SecretEffectPlanned } from '@upkeep/contract/change-plan'
import type { Ports, SecretStoresPort } from '@upkeep/contract/ports'
import type { SecretEffect } from '@upkeep/contract/remediation'
import { printable } from '@upkeep/domain/printable'

/** A secret that goes to a store. It is never stored here as it is. */
export interface WorkedSecret {
  readonly effect: SecretEffectPlanned
  readonly secret: string
}

/** The secrets that the inputs so far put into stores, by their references. */
export type SecretDrafts = Map<string, SecretEffect>

/** Takes what one input would put into a store; a text says why it cannot be. */
export function takeSecret(drafts: SecretDrafts, effect: SecretEffect): string | null {
  const other = drafts.get(effect.reference)
  if (other !== undefined && other.secret !== effect.secret) return 'two secrets cannot lie at one place'
  drafts.set(effect.reference, effect)
  return null
}

/** The stores as they would be, each place looked at once while a change is worked out. */
export function overlaidStores(
  { secretStores, secrets }: Pick<Ports, 'secretStores' | 'secrets'>,
  drafts: SecretDrafts,
): SecretStoresPort {
  const looked = new Map<string, ReturnType<SecretStoresPort['look']>>()
  return {
    ...secretStores,
    async look(reference) {
      const drafted = drafts.get(reference)
      if (drafted !== undefined) return { state: 'present', fingerprint: secrets.fingerprint(drafted.secret) }
      const now = looked.get(reference) ?? secretStores.look(reference)
      looked.set(reference, now)
      return now
    },
  }
}

/** What is put into stores, each once it was looked at what is there now; a text says why that cannot be. */
export async function workedSecrets(
  drafts: SecretDrafts,
  { secretStores, secrets }: Pick<Ports, 'secretStores' | 'secrets'>,
): Promise<readonly WorkedSecret[] | string> {
  const worked: WorkedSecret[] = []
  for (const { reference, secret, shown } of drafts.values()) {
    const now = await secretStores.look(reference)
    if (now.state === 'unavailable') return `${reference}: ${now.reason}`
    const fingerprint = secrets.fingerprint(secret)
    if (now.state === 'present' && now.fingerprint === fingerprint) continue
    if (now.state === 'present') return `${reference}: another secret lies there already, and is not replaced`
    worked.push({
      secret,
      effect: {
        kind: 'stored-secret',
        path: reference,
        before: { state: 'absent' },
        after: { state: 'secret', fingerprint },
        shown: shown.map((line) => printable(line, { maxLength: 1_900 })),
      },
    })
  }
  return worked
}
