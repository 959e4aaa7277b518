import { rule } from '@upkeep/contract'
import { z } from 'zod'

const about = z.object({ change: z.string(), title: z.string() })

export const rules = {
  'way-back-lost': rule({
    version: 1,
    title: 'What files were before a change can no longer be read',
    severity: 'high',
    help: 'Restore the folders undo/ and keys/ of the state together, from one backup; else note that upkeep undo cannot take this change back.',
    facts: about.extend({ paths: z.array(z.string()) }),
    identity: ['change'],
  }),
  'made-without-rehearsal': rule({
    version: 1,
    title: 'A change was made whose way back was never walked',
    severity: 'medium',
    help: 'Find out how it came past the gate: upkeep changes <id>, upkeep verify. Take it back, and plan it again, so that the way back is rehearsed.',
    facts: about.extend({ rehearsed: z.enum(['failed', 'not-run', 'never']) }),
    identity: ['change'],
  }),
  'waits-without-rehearsal': rule({
    version: 1,
    title: 'A change waits whose way back does not work',
    severity: 'medium',
    help: 'See why (upkeep changes <id>). Give it up (upkeep changes <id> --abandon), and plan it again.',
    facts: about.extend({ rehearsed: z.enum(['failed', 'not-run', 'never']) }),
    identity: ['change'],
  }),
  'rehearsal-old': rule({
    version: 1,
    title: 'The way back was walked too long ago',
    severity: 'low',
    help: 'Give the change up (upkeep changes <id> --abandon), and plan it again: then it is rehearsed on what is there now.',
    facts: about.extend({ testedAt: z.string() }),
    identity: ['change', 'testedAt'],
  }),
  'irreversible-not-weighed': rule({
    version: 1,
    title: 'A change that cannot be taken back whole was let through as an ordinary one',
    severity: 'high',
    help: 'Read what cannot be brought back (upkeep changes <id>), and have a second person look at it; see how it came to that risk: upkeep verify.',
    facts: about.extend({ irreversible: z.array(z.string()), risk: z.string().nullable() }),
    identity: ['change'],
  }),
  'back-into-vulnerability': rule({
    version: 1,
    title: 'A change was taken back into a vulnerability that nobody accepted',
    severity: 'high',
    help: 'Accept what is open again until a day (upkeep accept <finding> --until), or go forward with another version: upkeep fix <server>.',
    facts: about.extend({ open: z.int(), since: z.string() }),
    identity: ['change'],
  }),
}
export type Rules = typeof rules
