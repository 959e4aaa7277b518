import { rule } from '@upkeep/contract'
import { z } from 'zod'

const facts = z.object({
  url: z.string(),
  requirement: z.string(),
  /** The sentence of the specification that asks for it. */
  cites: z.string(),
  detail: z.string(),
  /** For a deprecated feature: from which day on it may be gone; null where the register names none. */
  removableFrom: z.string().nullable().optional(),
})

export const rules = {
  'must-not-met': rule({
    version: 1,
    title: 'What a specification demands of the API is not so',
    severity: 'high',
    help: 'Change the server, its proxy or its authorization server as the requirement says, and run upkeep scan again.',
    facts,
    identity: ['url', 'requirement'],
  }),
  'should-not-met': rule({
    version: 1,
    title: 'What a specification recommends for the API is not so',
    severity: 'low',
    help: 'Change it with the next update of the server, its proxy or its authorization server, and run upkeep scan again.',
    facts,
    identity: ['url', 'requirement'],
  }),
}
export type Rules = typeof rules
