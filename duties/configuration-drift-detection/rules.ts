import { rule } from '@upkeep/contract'
import { z } from 'zod'

const Differences = z.object({
  differences: z.array(z.strictObject({ at: z.string(), was: z.string(), is: z.string() })),
  /** `upstream`: an unpinned entry moved by itself. `unauthorised`: nobody is known to have approved it. */
  drift: z.enum(['unauthorised', 'upstream']),
  approvedAt: z.string(),
  approvedBy: z.string(),
  /** The numeric owner of what changed, when it could be seen. */
  ownerUid: z.int().nullable(),
  /** When it changed last, by the file system; of tools, when they were seen. */
  changedAt: z.string().nullable(),
  /** What tells owner and time. */
  trace: z.string().nullable(),
})

/** An acceptance must never cover a second drift of the same kind, so what differs is part of the finding's identity. */
const identity = ['differences'] as const
const help =
  'If the change is right, approve it: upkeep baseline accept. If not, put the approved state back (upkeep fix <server> --restore-config, or --restore-packages) and find out who changed it.'

export const rules = {
  'start-changed': rule({
    version: 1,
    title: 'What is started is not what was approved',
    severity: 'critical',
    help,
    facts: Differences,
    identity,
  }),
  'bytes-changed': rule({
    version: 1,
    title: 'Installed files differ although the version is the same',
    severity: 'critical',
    help,
    facts: Differences,
    identity,
  }),
  'version-changed': rule({
    version: 1,
    title: 'Another version is installed than was approved',
    severity: 'high',
    help,
    facts: Differences,
    identity,
  }),
  'environment-changed': rule({
    version: 1,
    title: 'Environment or headers differ from what was approved',
    severity: 'high',
    help,
    facts: Differences,
    identity,
  }),
  'consent-changed': rule({
    version: 1,
    title: 'The tools that run without asking are not those approved',
    severity: 'high',
    help,
    facts: Differences,
    identity,
  }),
  'tools-changed': rule({
    version: 1,
    title: 'What the server offers to models is not what was approved',
    severity: 'high',
    help: 'Read what changed before a model does. If it is right, approve it: upkeep baseline accept. If not, disconnect the server.',
    facts: Differences.extend({
      /** What the change brings in: words that act on a model, addresses, flipped hints, wider inputs. */
      introduced: z.array(z.strictObject({ kind: z.string(), where: z.string(), says: z.string() })),
    }),
    identity,
  }),
  'permissions-changed': rule({
    version: 1,
    title: 'Mode or owner of the configuration file differ',
    severity: 'medium',
    help,
    facts: Differences,
    identity,
  }),
  'settings-changed': rule({
    version: 1,
    title: 'Other settings of the entry differ from what was approved',
    severity: 'medium',
    help,
    facts: Differences,
    identity,
  }),
  'server-not-approved': rule({
    version: 1,
    title: 'A server that nobody approved',
    severity: 'high',
    help: 'Look at the entry. Approve it with upkeep baseline accept, or remove it from the client.',
    facts: z.object({
      path: z.string(),
      client: z.string(),
      ownerUid: z.int().nullable(),
      changedAt: z.string().nullable(),
      trace: z.string().nullable(),
    }),
    identity: ['path'],
  }),
  'server-gone': rule({
    version: 1,
    title: 'An approved server is gone from the configuration',
    severity: 'medium',
    help: 'If it was removed on purpose, approve that: upkeep baseline accept. If not, put the entry back.',
    facts: z.object({ path: z.string(), approvedAt: z.string() }),
    identity: ['path'],
  }),
}
