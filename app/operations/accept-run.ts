import { type Acceptance, type Observation, type RunConsent, type Subject, UserError } from '@upkeep/contract'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import { consentFor } from '@upkeep/domain/run-plan/consent-for'
import { seal } from '@upkeep/engine/evidence/seal'
import { newId } from '@upkeep/engine/kernel/ids'
import type { TerminalStyle } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import type { Context } from './context.ts'
import type { Answer } from './operation.ts'

interface Asked {
  finding: string
  all: boolean
  withdraw: boolean
  until?: string | undefined
}

interface Planned {
  subject: Subject
  plan: RunPlan
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
  const named = serversNamed(asked, await context.acts.runPlans())
  const store = await context.store()
  const standing = await store.consents.list()
  const at = context.clock.now()
  const made = named.flatMap((one) =>
    asked.withdraw ? withdrawal(one, standing, context, at) : consent(one, context, at),
  )
  if (made.length === 0) throw new UserError('not-found', 'No consent is in force there.', 'See "upkeep servers".')
  await store.transaction(async (tx) => {
    await tx.consents.appendMany(made)
    await seal(
      tx,
      context.keyring,
      made.map((record) => ({ type: 'consent', record })),
      at,
    )
  })
  return { output: { acceptances: [], consents: made }, text: (style) => text(made, style) }
}

function serversNamed({ finding: word, all }: Asked, plans: readonly Observation<'run-plan'>[]): Planned[] {
  const named = plans.filter(({ subject }) => subject.name === word || subject.id === word)
  if (named.length === 0)
    throw new UserError('not-found', 'No server of that name was seen.', 'List them: "upkeep servers".')
  const runnable = named.flatMap((one) => (one.state === 'seen' ? [{ subject: one.subject, plan: one.facts }] : []))
  if (runnable.length === 0) {
    const reason = named.map((one) => (one.state === 'seen' ? '' : one.reason)).at(0) ?? ''
    throw new UserError('cannot-run', `It cannot be run in the sandbox: ${reason}.`, 'Install it, or pin its version.')
  }
  if (runnable.length === 1 || all) return runnable
  const ids = runnable.slice(0, 10).map(({ subject }) => subject.id)
  throw new UserError(
    'ambiguous',
    `${runnable.length} servers have that name: ${ids.join(', ')}.`,
    'Name one by its id, or all of them with --all.',
  )
}

function consent({ subject, plan }: Planned, context: Context, at: string): RunConsent[] {
  if (plan.bytes === null)
    throw new UserError(
      'cannot-run',
      'Its bytes could not be read whole, so nothing can be consented to.',
      'See what could not be read: "upkeep findings --unknown".',
    )
  const { command, bytes, shown } = plan
  return [{ id: newId(at), at, subject, command, bytes, shown, withdraws: null, signer: context.signer }]
}

function withdrawal(
  { subject, plan }: Planned,
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
    command: one.withdraws === null ? `upkeep prove ${one.subject.name}` : null,
  }))
  return `${layRows(rows, style).join('\n')}\n`
}
