import { Acceptance, RunConsent, UserError } from '@upkeep/contract'
import { dayOf } from '@upkeep/domain/distance'
import { seal } from '@upkeep/engine/evidence/seal'
import { newId } from '@upkeep/engine/kernel/ids'
import { layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import { acceptRun } from './accept-run.ts'
import type { Context } from './context.ts'
import { endOfDay } from './days.ts'
import { requireStore } from './draw-report.ts'
import { openNamedBy, standingFindings } from './find-findings.ts'
import { defineOperation } from './operation.ts'

const longestDays = 366

/** A dated, owned decision to live with a finding. */
export const accept = defineOperation({
  id: 'accept',
  summary: 'live with a finding until a day, or let a server be run in the sandbox',
  effect: 'write',
  role: 'approver',
  input: z.strictObject({
    finding: z
      .string()
      .describe('A fingerprint or its beginning, or a server with one open finding; with --run a server'),
    until: z.string().optional().describe('The last day it holds: 2026-12-31, or 30d from today'),
    reason: z.string().min(1).max(2_000).optional().describe('Why it is right to live with it'),
    all: z.boolean().default(false).describe('Every open finding of that name'),
    run: z
      .boolean()
      .default(false)
      .describe('Let this server be started in the sandbox: exactly this command line and these bytes'),
    withdraw: z.boolean().default(false).describe('End the acceptance or consent in force instead'),
  }),
  output: z.strictObject({ acceptances: z.array(Acceptance), consents: z.array(RunConsent) }),
  cli: {
    verb: 'accept',
    positionals: ['finding'],
    listed: 'front',
    examples: [
      { command: 'upkeep accept 3f9c1a2b7d40 --until 30d --reason "replaced next month"', says: 'one finding' },
      { command: 'upkeep accept fs --all --until 2026-12-31 --reason "test machine"', says: 'all of one server' },
      { command: 'upkeep accept 3f9c1a2b7d40 --withdraw', says: 'before its day' },
      { command: 'upkeep accept fs --run', says: 'may be started in the sandbox, as it is now' },
    ],
  },
  async run(context, input) {
    if (input.run) return acceptRun(context, input)
    const at = context.clock.now()
    const store = await requireStore(context)
    const named = openNamedBy(input.finding, await standingFindings(store, at), input.all)
    const made = named.flatMap((one) =>
      input.withdraw
        ? withdrawn(context, one.acceptance, at)
        : [acceptance(context, one.finding.statement.fingerprint, input, at)],
    )
    if (made.length === 0)
      throw new UserError('not-found', 'No acceptance is in force there.', 'See "upkeep findings --accepted".')
    await store.transaction(async (tx) => {
      await tx.acceptances.appendMany(made)
      await seal(
        tx,
        context.keyring,
        made.map((record) => ({ type: 'acceptance', record })),
        at,
      )
    })
    return {
      output: { acceptances: made, consents: [] },
      text: (style) => {
        const rows = made.map((one, index) => ({
          label: one.withdraws === null ? 'accepted' : 'withdrawn',
          tone: 'green' as const,
          name: named[index]?.finding.statement.subject.name ?? '',
          lines: [
            one.withdraws === null
              ? `until ${dayOf(one.until)}, by ${one.signer.person} (name not proven). It stays "fail", and does not count until then.`
              : 'It counts again from now on.',
          ],
          command: null,
        }))
        return `${layRows(rows, style).join('\n')}\n`
      },
    }
  },
})

interface Asked {
  until?: string | undefined
  reason?: string | undefined
}

function acceptance(context: Context, fingerprint: string, asked: Asked, at: string): Acceptance {
  if (asked.until === undefined || asked.reason === undefined)
    throw new UserError('bad-input', 'An acceptance takes a last day and a reason.', 'Add --until 30d --reason "…".')
  const until = endOfDay(asked.until, at)
  if (until <= at) throw new UserError('bad-input', 'That day is over.', 'Give a later day with --until.')
  if (until > endOfDay(`${longestDays}d`, at))
    throw new UserError('bad-input', 'An acceptance holds for a year at most.', 'Give an earlier day with --until.')
  return Acceptance.parse({
    id: newId(at),
    at,
    fingerprint,
    reason: asked.reason,
    until,
    withdraws: null,
    signer: context.signer,
  })
}

function withdrawn(context: Context, inForce: Acceptance | null, at: string): Acceptance[] {
  if (inForce === null) return []
  return [
    { ...inForce, id: newId(at), at, until: at, reason: 'withdrawn', withdraws: inForce.id, signer: context.signer },
  ]
}
