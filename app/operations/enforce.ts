import { serverSubject, UserError } from '@upkeep/contract'
import { counted, type TerminalStyle, type Tone } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import { pullState } from '../desired-state/pull-state.ts'
import { keepPulled } from '../desired-state/pulled-state.ts'
import { ownersOf } from '../owners-of.ts'
import type { Context } from './context.ts'
import { type Enforced, enforceNow } from './enforce-now.ts'
import { defineOperation } from './operation.ts'

const Output = z.strictObject({
  lock: z.string(),
  /** Who signed the state that is enforced; null where none is in force, and `notInForce` says why. */
  signedBy: z.string().nullable(),
  notInForce: z.string().nullable(),
  violations: z.array(
    z.strictObject({
      server: z.string(),
      client: z.string(),
      path: z.string(),
      mode: z.enum(['observe', 'propose', 'enforce']),
      what: z.array(z.string()),
      /** What no change of ours sets back. */
      cannot: z.array(z.string()),
      done: z.enum(['said', 'proposed', 'waits', 'set-back', 'failed']),
      change: z.string().nullable(),
      why: z.string().nullable(),
      /** Who answers for the server, by upkeep.yaml or CODEOWNERS. */
      owners: z.array(z.string()),
    }),
  ),
})
type Output = z.infer<typeof Output>

/** Keeps servers as the lock says: says, proposes or sets back what differs, by the mode that fits it. */
export const enforce = defineOperation({
  id: 'enforce',
  summary: 'say, propose or set back what is not as upkeep.lock says, by the modes in upkeep.yaml',
  effect: 'write',
  role: 'operator',
  input: z.strictObject({
    from: z.string().min(1).optional().meta({
      description:
        'A signed desired state instead of upkeep.lock: a file or https address, its signature beside it in .sig',
      valueName: 'state',
      local: true,
    }),
    key: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'The SSH public key that must have signed it', valueName: 'file', local: true }),
    plan: z.boolean().default(false).describe('Only say what differs; propose and write nothing'),
  }),
  output: Output,
  cli: {
    verb: 'enforce',
    positionals: [],
    listed: 'rest',
    examples: [
      { command: 'upkeep enforce --plan', says: 'what is not as the lock says, and what would be done' },
      { command: 'upkeep enforce', says: 'once; "upkeep daemon" does it each minute' },
    ],
  },
  async run(context, { plan, from, key }) {
    const found = await enforceNow(context, { plan, ...(await pulledFrom(context, from, key)) })
    if (found === null)
      throw new UserError('not-found', 'There is no upkeep.lock.', 'Write one, and look at it: "upkeep import".')
    const { force, lockPath } = found.now
    const owners = ownersOf(context.upkeepFile.servers)
    const output = {
      lock: lockPath,
      signedBy: force.state === 'in-force' ? force.by : null,
      notInForce: force.state === 'not' ? force.why : null,
      violations: found.done.map((one) => ({
        ...one,
        owners: owners(serverSubject(one.client, one.path, one.server)),
      })),
    }
    return {
      output,
      text: (style) => enforcedText(output, style),
      ...(output.violations.length === 0 ? {} : { outcome: 'findings' as const }),
    }
  },
})

async function pulledFrom(context: Context, from: string | undefined, file: string | undefined) {
  if (from === undefined && file === undefined) return {}
  if (from === undefined || file === undefined)
    throw new UserError(
      'bad-input',
      '--from and --key go together.',
      'Name the state and the key that must have signed it.',
    )
  const text = await pullState(context, from, file)
  await keepPulled(context, text)
  return { pulled: { key: text.key, from } }
}

const words: Record<Enforced['done'], [string, Tone]> = {
  said: ['differs', 'yellow'],
  proposed: ['proposed', 'cyan'],
  waits: ['waits', 'yellow'],
  'set-back': ['set back', 'green'],
  failed: ['not made', 'red'],
}

function enforcedText({ violations, notInForce, lock }: Output, style: TerminalStyle): string {
  if (violations.length === 0) return `All is as ${lock} says.\n`
  const rows = violations.map(({ done, server, client, path, what, cannot, why, owners, change }) => ({
    label: words[done][0],
    tone: words[done][1],
    name: server,
    lines: [
      ...what,
      ...cannot,
      ...(why === null ? [] : [why]),
      `${client}: ${path}${owners.length === 0 ? '; nobody is named who answers for it' : `; ${owners.join(', ')} answers for it`}`,
    ],
    command: change === null ? null : done === 'set-back' ? `upkeep undo ${change}` : `upkeep approve ${change}`,
  }))
  const note = notInForce === null ? '' : `\nNothing is enforced: ${notInForce}\n`
  return `${layRows(rows, style).join('\n')}\n\n${counted(violations.length, 'server')} not as ${lock} says.\n${note}`
}
