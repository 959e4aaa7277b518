import { Acceptance, RunConsent, UserError } from '@upkeep/contract'
import { acceptanceStatement } from '@upkeep/domain/changes/signed-statements'
import { dayOf } from '@upkeep/domain/distance'
import { seal } from '@upkeep/engine/evidence/seal'
import { newId } from '@upkeep/engine/kernel/ids'
import { layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import { acceptRun } from './accept-run.ts'
import type { Context } from './context.ts'
import { endOfDay } from './days.ts'
import { decidedBy, provenWords, weightOf } from './decide.ts'
import { requireStore } from './draw-report.ts'
import { openNamedBy, type StandingFinding, standingFor } from './find-findings.ts'
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
    key: z.string().optional().meta({
      description: 'Sign it with this SSH key, as "approve" does: what is of severity high takes that',
      valueName: 'file',
      local: true,
    }),
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
  decides: () => true,
  async run(context, input) {
    if (input.run) return acceptRun(context, input)
    const at = context.clock.now()
    const store = await requireStore(context)
    const named = openNamedBy(input.finding, await standingFor(store, input.finding, at), input.all)
    const made = input.withdraw
      ? named.flatMap((one) => withdrawn(context, one.acceptance, at))
      : await accepted(context, named, input, at)
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
              ? `until ${dayOf(one.until)}, by ${one.signer.person} (${provenWords(one.signer)}). It stays "fail", and does not count until then.`
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
  key?: string | undefined
  until?: string | undefined
  reason?: string | undefined
}

/** One decision about all that were named, signed once where it is signed. */
async function accepted(context: Context, named: readonly StandingFinding[], asked: Asked, at: string) {
  const statements = named.map(({ finding }) => finding.statement)
  const fingerprints = statements.map(({ fingerprint }) => fingerprint).toSorted()
  const { until, reason } = termsOf(asked, at)
  const signer = await decidedBy(context, {
    heavy: weightOf(
      statements.map(({ severity }) => severity),
      'an acceptance',
    ),
    shown: [`Accept until ${dayOf(until)}: ${reason}`, ...statements.map(({ summary }) => `  ${summary}`)].join('\n'),
    question: 'Live with it until then?',
    statement: (person) => acceptanceStatement({ person, fingerprints, until, reason }),
    key: asked.key,
  })
  const together = signer.signature === null ? {} : { together: fingerprints }
  return fingerprints.map((fingerprint) =>
    Acceptance.parse({ id: newId(at), at, fingerprint, reason, until, withdraws: null, ...together, signer }),
  )
}

function termsOf(asked: Asked, at: string): { until: string; reason: string } {
  if (asked.until === undefined || asked.reason === undefined)
    throw new UserError('bad-input', 'An acceptance takes a last day and a reason.', 'Add --until 30d --reason "…".')
  const until = endOfDay(asked.until, at)
  if (until <= at) throw new UserError('bad-input', 'That day is over.', 'Give a later day with --until.')
  if (until > endOfDay(`${longestDays}d`, at))
    throw new UserError('bad-input', 'An acceptance holds for a year at most.', 'Give an earlier day with --until.')
  return { until, reason: asked.reason }
}

function withdrawn(context: Context, inForce: Acceptance | null, at: string): Acceptance[] {
  if (inForce === null) return []
  return [
    { ...inForce, id: newId(at), at, until: at, reason: 'withdrawn', withdraws: inForce.id, signer: context.signer },
  ]
}
