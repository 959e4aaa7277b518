import { type Acceptance, type RunConsent, UserError } from '@upkeep/contract'
import { consentFor } from '@upkeep/domain/run-plan/consent-for'
import { shellWord } from '@upkeep/domain/shell-word'
import { seal } from '@upkeep/engine/evidence/seal'
import { newId } from '@upkeep/engine/kernel/ids'
import type { TerminalStyle } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import type { Context } from './context.ts'
import { refuseAgents } from './decide.ts'
import type { Answer } from './operation.ts'
import { type Runnable, runnableNamed } from './servers-named.ts'

interface Asked {
  finding: string
  all: boolean
  withdraw: boolean
  until?: string | undefined
}

/** Lets a server be run in the sandbox: the command line and the bytes as they lie there now, and nothing else under that name. */
export async function acceptRun(
  context: Context,
  asked: Asked,
): Promise<Answer<{ acceptances: Acceptance[]; consents: RunConsent[] }>> {
  if (asked.until !== undefined)
    throw new UserError(
      'bad-input',
      'A consent to run has no last day: it ends when a byte changes.',
      'Leave --until out.',
    )
  const named = runnableNamed(asked.finding, asked.all, await context.acts.runPlans())
  const store = await context.store()
  const standing = await store.consents.list()
  const at = context.clock.now()
  const made = named.flatMap((one) =>
    asked.withdraw ? withdrawal(one, standing, context, at) : consent(one, context, at),
  )
  if (made.length === 0) throw new UserError('not-found', 'No consent is in force there.', 'See "upkeep servers".')
  await keepConsents(context, made, at)
  return { output: { acceptances: [], consents: made }, text: (style) => text(made, style) }
}

/** Stores and seals consents, given or withdrawn. */
export async function keepConsents(context: Context, made: readonly RunConsent[], at: string): Promise<void> {
  const store = await context.store()
  await store.transaction(async (tx) => {
    await tx.consents.appendMany(made)
    await seal(
      tx,
      context.keyring,
      made.map((record) => ({ type: 'consent', record })),
      at,
    )
  })
}

/**
 * A consent to exactly this.
 *
 * @throws UserError where its bytes could not be read whole.
 */
export function consent({ subject, plan }: Runnable, context: Context, at: string): RunConsent[] {
  if (plan.bytes === null)
    throw new UserError(
      'cannot-run',
      'Its bytes could not be read whole, so nothing can be consented to.',
      'See what could not be read: "upkeep findings --unknown".',
    )
  const { command, bytes, shown } = plan
  refuseAgents(context)
  return [{ id: newId(at), at, subject, command, bytes, shown, withdraws: null, signer: context.signer }]
}

function withdrawal(
  { subject, plan }: Runnable,
  standing: readonly RunConsent[],
  context: Context,
  at: string,
): RunConsent[] {
  const state = consentFor(standing, subject.id, plan)
  if (state.state === 'not-given') return []
  return [{ ...state.consent, id: newId(at), at, withdraws: state.consent.id, signer: context.signer }]
}

function text(made: readonly RunConsent[], style: TerminalStyle): string {
  const rows = made.map((one) => ({
    label: one.withdraws === null ? 'may run' : 'withdrawn',
    tone: 'green' as const,
    name: one.subject.name,
    lines:
      one.withdraws === null
        ? [
            one.shown,
            `bytes ${one.bytes.slice(0, 16)}, by ${one.signer.person} (name not proven)`,
            'In the sandbox only, without network and without real secrets; void when the line or a byte changes.',
          ]
        : ['It is not started again.'],
    command: one.withdraws === null ? `upkeep prove ${shellWord(one.subject.name)}` : null,
  }))
  return `${layRows(rows, style).join('\n')}\n`
}
