import { Attestation, UserError } from '@upkeep/contract'
import { isSentence } from '@upkeep/domain/changes/completeness'
import { prepareChange } from '@upkeep/engine/change/propose-change'
import { scheduleChange } from '@upkeep/engine/change/schedule-change'
import { layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import { approveDelegate } from './approve-delegate.ts'
import { approveDesiredState } from './approve-desired-state.ts'
import { approvePasskey } from './approve-passkey.ts'
import { approvePolicies } from './approve-policies.ts'
import { approveStateKey } from './approve-state-key.ts'
import { askApproval, changeNamed, type Waiver } from './change-flow.ts'
import { ChangeOutput, changeOutput } from './change-output.ts'
import { untilWords } from './change-text.ts'
import { decidedOtherwise } from './decided-otherwise.ts'
import { defineOperation } from './operation.ts'
import { tellTakenOn } from './tell-taken-on.ts'

/** A person's word about one exact plan. */
export const approve = defineOperation({
  id: 'approve',
  summary: 'approve a change that waits, at a terminal: exactly this plan and no other',
  effect: 'write',
  role: 'approver',
  input: z.strictObject({
    change: z
      .string()
      .describe(
        'The id of the change or its beginning; "policies": those in upkeep.yaml; "desired-state": upkeep.lock; "delegate": your right, to another; "passkey": the one that you made in the console',
      ),
    key: z.string().optional().meta({
      description:
        'Sign with this SSH key: with a passphrase, or in a security key. The first one is remembered as yours',
      valueName: 'file',
      local: true,
    }),
    refuse: z.boolean().default(false).describe('Say no instead: it is not made until that is taken back'),
    withdraw: z.boolean().default(false).describe('Take back what you said about it'),
    waive: z.array(z.string().min(1).max(200)).max(50).default([]).meta({
      description: 'Approve it in spite of this failed test, by its name; takes --reason and a key',
      valueName: 'test',
    }),
    reason: z.string().min(1).max(2_000).optional().describe('Why it is refused, or a failed test waived'),
    to: z
      .string()
      .optional()
      .meta({ description: 'With "delegate": who may approve in your place', valueName: 'person' }),
    until: z.string().optional().describe('With "delegate": the last day, 2026-12-31 or 14d, within 90 days'),
  }),
  output: z.strictObject({
    change: ChangeOutput.nullable(),
    policies: Attestation.nullable(),
    delegations: z
      .array(z.strictObject({ id: z.string(), from: z.string(), to: z.string(), at: z.string(), until: z.string() }))
      .default([])
      .describe('With "delegate": whose right is in whose hands now'),
  }),
  cli: {
    verb: 'approve',
    positionals: ['change'],
    listed: 'rest',
    examples: [
      { command: 'upkeep approve 019abc01', says: 'shows the plan and asks' },
      { command: 'upkeep approve 019abc01 --key ~/.ssh/id_ed25519', says: 'with proof that you were there' },
      { command: 'upkeep approve 019abc01 --refuse --reason "not before the audit"', says: 'say no' },
      {
        command:
          'upkeep approve 019abc01 --waive "fs: golden calls" --reason "the tool was renamed" --key ~/.ssh/id_ed25519',
        says: 'in spite of a failed test',
      },
      { command: 'upkeep approve 019abc01 --withdraw', says: 'take back what you said' },
      {
        command: 'upkeep approve policies --key ~/.ssh/id_ed25519',
        says: 'put policies and people of upkeep.yaml in force',
      },
      {
        command: 'upkeep approve delegate --to bob --until 2026-12-31 --key ~/.ssh/id_ed25519',
        says: 'while you are away',
      },
    ],
  },
  // Listing what is delegated decides nothing.
  decides: ({ change, to }) => change !== 'delegate' || to !== undefined,
  byDelegate: ({ change }) =>
    !['delegate', 'passkey', 'policies', 'desired-state'].includes(change) && !change.startsWith('key:'),
  async run(context, input) {
    if (input.change === 'delegate') return approveDelegate(context, input)
    if (input.change === 'desired-state') return approveDesiredState(context, input.key)
    if (input.change.startsWith('key:')) return approveStateKey(context, input.change.slice(4), input.key)
    if (input.change === 'passkey') return approvePasskey(context, input.key)
    if (input.change === 'policies') return approvePolicies(context, input.key)
    const world = await context.acts.changes()
    const named = await changeNamed(world, input.change)
    if (named.phase !== 'proposed')
      throw new UserError(
        'bad-input',
        `Change ${named.id} is ${named.phase}: there is nothing to approve.`,
        'See "upkeep changes".',
      )
    if (input.refuse || input.withdraw) return decidedOtherwise(context, world, named, input)
    const approved = await askApproval(context, world, await prepareChange(world, named), input.key, waiverOf(input))
    const state = await scheduleChange(world, await tellTakenOn(context, world.store, approved))
    const held = await world.heldBy(state)
    const until = state.approvals.at(-1)?.until ?? ''
    return {
      output: { change: changeOutput(state, held), policies: null },
      text: (style) =>
        `${layRows([{ label: 'approved', tone: 'green', name: state.id.slice(0, 13), lines: [state.plan.title, untilWords(until), ...(held === null ? [] : [`It is not made yet: ${held}`])], command: held === null ? `upkeep fix --change ${state.id}` : null }], style).join('\n')}\n`,
    }
  },
})

function waiverOf({ waive, reason }: { waive: string[]; reason?: string | undefined }): Waiver | null {
  if (waive.length === 0) return null
  if (reason !== undefined && isSentence(reason, '')) return { waives: waive, reason }
  throw new UserError('bad-input', 'A failed test is waived with a reason, said in a sentence.', 'Add --reason "…".')
}
