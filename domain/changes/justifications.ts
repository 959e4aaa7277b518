import type { Justification } from '@upkeep/contract/change-document'
import type { Attestation } from '@upkeep/contract/person'

const prefix = 'change:'

/** What an attestation is about that says why a change was made. */
export function justificationScope(change: string): string {
  return `${prefix}${change}`
}

/** Whether an attestation says why some change was made. */
export function isJustification({ scope }: Pick<Attestation, 'scope'>): boolean {
  return scope.startsWith(prefix)
}

/** Why a change was made, as people stated since, oldest first; what they took back is left out. */
export function justificationsOf(attestations: readonly Attestation[], change: string): Justification[] {
  const scope = justificationScope(change)
  const about = attestations.filter((one) => one.scope === scope)
  const revoked = new Set(about.flatMap(({ revokes }) => revokes ?? []))
  return about
    .filter(({ id, revokes }) => revokes === null && !revoked.has(id))
    .map(({ id, at, statement, signer }) => ({
      id,
      at,
      person: signer.person,
      presence: signer.presence,
      reason: statement,
    }))
}
