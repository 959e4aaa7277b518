import { rule } from '@upkeep/contract'
import { z } from 'zod'

const about = z.object({ change: z.string(), title: z.string() })
const patch = z.object({
  fingerprint: z.string(),
  server: z.string(),
  package: z.string(),
  version: z.string(),
  due: z.string().nullable(),
})

export const rules = {
  'patch-overdue': rule({
    version: 1,
    title: 'A patch is past its due date',
    severity: 'high',
    help: 'Make it now: upkeep fix <server> --online. If no window is left before harm is done, that is an emergency: upkeep emergency. Or accept it until a day.',
    facts: patch.extend({ changes: z.array(z.string()) }),
    identity: ['fingerprint'],
  }),
  'patch-not-planned': rule({
    version: 1,
    title: 'A patch is due soon, and no change is to make it',
    severity: 'medium',
    help: 'Plan it (upkeep fix <server> --online), so that tests, approval and window still fit before the day, or accept it until a day.',
    facts: patch,
    identity: ['fingerprint'],
  }),
  'patched-late': rule({
    version: 1,
    title: 'A patch came after its due date',
    severity: 'low',
    help: 'Find out what it waited for (upkeep changes --all), and shorten that: windows, approvers, tests.',
    facts: patch.extend({ closedAt: z.string(), daysLate: z.int() }),
    identity: ['fingerprint', 'closedAt'],
  }),
  'made-untested': rule({
    version: 1,
    title: 'A new version was put in force without the tests that it takes',
    severity: 'medium',
    help: 'Try it now (upkeep prove <server>), or take it back (upkeep undo <id>) and make it again with --online.',
    facts: about.extend({ failed: z.array(z.string()), notRun: z.array(z.string()) }),
    identity: ['change'],
  }),
  'bytes-not-named': rule({
    version: 1,
    title: 'A new version was put in force, and which bytes it has is in no plan',
    severity: 'medium',
    help: 'Take it back and make it again with upkeep fix <server> --online: then the plan names the digest of the archive, and the archive is kept.',
    facts: about.extend({ packages: z.array(z.string()) }),
    identity: ['change'],
  }),
  'fix-not-seen': rule({
    version: 1,
    title: 'A patch was made, and what it should close is not seen to be closed',
    severity: 'high',
    help: 'Restart what still runs the old version, then look again: upkeep fix --change <id>, upkeep scan.',
    facts: about.extend({ open: z.int(), notKnown: z.int(), pending: z.array(z.string()) }),
    identity: ['change'],
  }),
  'not-tried-again': rule({
    version: 1,
    title: 'A patch was taken back, and nothing has been tried since',
    severity: 'high',
    help: 'See why it was taken back (upkeep changes <id>). Try another version (upkeep fix <server> --to), mitigate, or accept it until a day.',
    facts: about.extend({ open: z.int(), since: z.string() }),
    identity: ['change'],
  }),
  'ring-stopped': rule({
    version: 1,
    title: 'A rollout stopped at a ring',
    severity: 'high',
    help: 'See what went wrong there (upkeep changes <id>); the rings behind it still run the old version. Begin a new rollout, or mitigate in them.',
    facts: z.object({
      rollout: z.string(),
      change: z.string(),
      ring: z.string(),
      outcome: z.string(),
      behind: z.int(),
    }),
    identity: ['change'],
  }),
  'ring-waits': rule({
    version: 1,
    title: 'A rollout could go on, and nobody lets it',
    severity: 'medium',
    help: 'Go on with it: upkeep rollout.',
    facts: z.object({ rollout: z.string(), change: z.string(), ring: z.string(), since: z.string() }),
    identity: ['change'],
  }),
}
export type Rules = typeof rules
