import { rule } from '@upkeep/contract'
import { z } from 'zod'

const about = z.object({ change: z.string(), title: z.string() })
const help =
  'Look at the change with upkeep changes <id> --document, then let it be approved in review, or take it back: upkeep undo <id>.'

export const rules = {
  'made-without-approval': rule({
    version: 1,
    title: 'A change was made without the approvals that its policy asks for',
    severity: 'high',
    help,
    facts: about.extend({ policy: z.string(), wanted: z.int(), counted: z.int(), why: z.array(z.string()) }),
    identity: ['change'],
  }),
  'approved-afterwards': rule({
    version: 1,
    title: 'A change was approved after it was begun',
    severity: 'medium',
    help: 'An approval that comes after the fact approves nothing. Review the change, and find out why it was not asked for before.',
    facts: about.extend({ person: z.string(), approvedAt: z.string(), begunAt: z.string() }),
    identity: ['change', 'person'],
  }),
  'signature-does-not-hold': rule({
    version: 1,
    title: 'An approval bears a signature that does not verify',
    severity: 'high',
    help: 'Ask the person whether they signed it, and see what upkeep verify says.',
    facts: about.extend({ person: z.string(), ofThisPlan: z.boolean() }),
    identity: ['change', 'person'],
  }),
  'approval-ended': rule({
    version: 1,
    title: 'A change waits with an approval that has ended',
    severity: 'low',
    help: 'Ask for it again (upkeep approve <id>), or give it up: upkeep changes <id> --abandon.',
    facts: about.extend({ person: z.string(), until: z.string() }),
    identity: ['change', 'person'],
  }),
}
export type Rules = typeof rules
