import { z } from 'zod'
import type { LedgerLeaf } from '../store/store.ts'
import { parsedBody } from './leaf.ts'

/** Which records a pack is to hold. Without either it holds all. Leaf hashes, checkpoints and keys are never left out. */
export interface PackScope {
  /** Only what was sealed at or after this moment. */
  readonly since?: string
  /** Only what belongs to one duty: its runs, findings, acceptances and attestations, and every baseline. */
  readonly duty?: string
}

const Fields = z.looseObject({
  duty: z.string().optional(),
  scope: z.string().optional(),
  fingerprint: z.string().optional(),
  // That of an attestation is a sentence.
  statement: z.looseObject({ duty: z.string(), fingerprint: z.string() }).optional().catch(undefined),
})

type Fields = z.infer<typeof Fields>

/** Tells for one record after another, in the order of the ledger, whether it is in scope. Text that is no record never is. */
export function inScope({ since, duty }: PackScope): (leaf: LedgerLeaf, body: string) => boolean {
  // An acceptance names its finding, which came before it, and not the duty.
  const fingerprints = new Set<string>()
  return (leaf, body) => {
    const record = Fields.safeParse(parsedBody(body)).data
    if (record === undefined) return false
    if (record.statement?.duty === duty) fingerprints.add(record.statement?.fingerprint ?? '')
    if (leaf.type === 'key') return true
    if (since !== undefined && leaf.at < since) return false
    return duty === undefined || leaf.type === 'baseline' || belongsTo(duty, record, fingerprints)
  }
}

function belongsTo(duty: string, record: Fields, fingerprints: ReadonlySet<string>): boolean {
  return (
    [record.duty, record.scope, record.statement?.duty].includes(duty) || fingerprints.has(record.fingerprint ?? '\n')
  )
}
