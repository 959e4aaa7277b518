import type { ContractAnswer } from '@upkeep/domain/maintenance/judge-contract'
import { printable } from '@upkeep/domain/printable'
import type { Row } from '@upkeep/engine/report/rows'
import { z } from 'zod'

const Reason = z.strictObject({
  answer: z.enum(['drain', 'refuse', 'unknown']),
  code: z.string(),
  says: z.string(),
})

/** What a maintenance contract comes to now, for whoever sends work to a server. */
export const ContractSays = z.strictObject({
  answer: z
    .enum(['ok', 'drain', 'refuse', 'unknown'])
    .describe('drain: begin nothing new. unknown is never to be read as ok'),
  reasons: z.array(Reason),
  /** The server as the contract names it: purl or address. Null where nothing could be read. */
  uri: z.string().nullable(),
  name: z.string().nullable(),
  /** Names of the servers under care that it is about. */
  servers: z.array(z.string()),
  serial: z.int().nullable(),
  issuedAt: z.string().nullable(),
  validUntil: z.string().nullable(),
  endOfLife: z.string().nullable(),
  contacts: z.array(z.string()),
  /** The key that signed it; null where its signature does not hold. */
  key: z.string().nullable(),
  /** Who let that key count for this server; null: nobody. */
  trustedBy: z.string().nullable(),
})
export type ContractSays = z.infer<typeof ContractSays>

const tones = { ok: 'green', drain: 'yellow', refuse: 'red', unknown: 'yellow' } as const
const most = 12

/** One contract for a reader. */
export function contractRow(one: ContractSays, command: string | null): Row {
  const shown = (text: string) => printable(text, { maxLength: 300 })
  const more = one.reasons.length - most
  return {
    label: one.answer,
    tone: tones[one.answer],
    name: one.name ?? 'contract',
    lines: [
      ...(one.uri === null ? [] : [shown(one.uri)]),
      ...(one.reasons.length === 0 ? ['Nothing in it speaks against using it now.'] : []),
      ...one.reasons.slice(0, most).map(({ says }) => shown(says)),
      ...(more > 0 ? [`${more} more reasons: --json shows all`] : []),
      ...(one.validUntil === null ? [] : [`serial ${one.serial}, until ${one.validUntil}`]),
      ...(one.contacts.length === 0 ? [] : [`contact ${one.contacts.slice(0, 3).map(shown).join(', ')}`]),
    ],
    command,
  }
}

/** The exit code says it too: 0 ok, 1 drain or refuse, 3 unknown. */
export function contractOutcome(answer: ContractAnswer): { outcome?: 'findings' | 'not-evaluated' } {
  if (answer === 'ok') return {}
  return { outcome: answer === 'unknown' ? 'not-evaluated' : 'findings' }
}
