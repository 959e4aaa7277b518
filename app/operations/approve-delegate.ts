import { Attestation, UserError } from '@upkeep/contract'
import { isAgent, isAlone } from '@upkeep/domain/changes/approval-rule'
import { type Delegation, delegationScope, longestDelegationDays } from '@upkeep/domain/changes/delegations'
import { delegationStatement } from '@upkeep/domain/changes/signed-statements'
import { dayOf } from '@upkeep/domain/distance'
import { shellWord } from '@upkeep/domain/shell-word'
import { newId } from '@upkeep/engine/kernel/ids'
import type { TerminalStyle } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import { approvalRules } from '../policies-in-force.ts'
import type { Context } from './context.ts'
import { endOfDay } from './days.ts'
import { keepAttestation, signAttestation } from './sign-attestation.ts'

interface Asked {
  to?: string | undefined
  until?: string | undefined
  key?: string | undefined
  withdraw: boolean
}

/** Hands one's right to approve changes to another person until a day, takes it back, or lists what was handed on. */
export async function approveDelegate(context: Context, asked: Asked) {
  if (asked.to === undefined) return listed(context)
  if (asked.withdraw) return takenBack(context, asked.to)
  const { signer } = context
  const to = delegateNamed(context, asked.to)
  const until = endOf(context, asked.until)
  const record = await signAttestation(context, {
    scope: delegationScope,
    statement: to,
    evidence: [],
    heavy: 'whoever holds it decides about changes in your place',
    shown: `Until ${dayOf(until)} "${to}" may approve changes by the right of "${signer.person}", and hands it on to nobody.`,
    question: `Shall ${to} approve in your place?`,
    signed: ({ person, until: end }) => delegationStatement({ person, to, until: end }),
    key: asked.key,
    until,
  })
  return {
    output: { change: null, policies: record, delegations: await inForce(context) },
    text: () =>
      `${to} may approve by your right until ${dayOf(until)}; not what you asked for. Before that: upkeep approve delegate --to ${shellWord(to)} --withdraw\n`,
  }
}

function delegateNamed({ people, signer }: Context, to: string): string {
  if (isAlone(people))
    throw new UserError(
      'not-allowed',
      'Nobody else is named in upkeep.yaml to whom it could be delegated.',
      'Add the person under "people".',
    )
  if (!people.some(({ id }) => id === to))
    throw new UserError('not-found', `Nobody called "${to.slice(0, 80)}" is named in upkeep.yaml.`, 'Name one who is.')
  if (isAgent(people, to))
    throw new UserError('not-allowed', `"${to}" is an agent, and agents decide nothing.`, 'Name a person.')
  if (to === signer.person) throw new UserError('bad-input', 'That is you yourself.', 'Name another person with --to.')
  return to
}

function endOf({ clock }: Context, day: string | undefined): string {
  if (day === undefined)
    throw new UserError('bad-input', 'A delegation takes a last day.', 'Add --until 2026-12-31, or --until 14d.')
  const now = clock.now()
  const until = endOfDay(day, now)
  if (until <= now) throw new UserError('bad-input', 'That day is over.', 'Give a later day with --until.')
  if (until > endOfDay(`${longestDelegationDays}d`, now))
    throw new UserError(
      'bad-input',
      `A delegation holds for ${longestDelegationDays} days at most.`,
      'Give an earlier day with --until.',
    )
  return until
}

/** Taking back one's own takes no proof: whoever may decide may always stop it. */
async function takenBack(context: Context, to: string) {
  const { signer } = context
  const own = (await inForce(context)).filter((one) => one.from === signer.person && one.to === to)
  if (own.length === 0)
    throw new UserError(
      'not-found',
      `Nothing that "${signer.person}" delegated to "${to.slice(0, 80)}" is in force.`,
      'List what is: "upkeep approve delegate".',
    )
  const at = context.clock.now()
  const ends = own.map(({ id }) =>
    Attestation.parse({
      id: newId(at),
      at,
      scope: delegationScope,
      statement: to,
      evidence: [],
      limits: '',
      person: signer.person,
      role: 'approver',
      validUntil: at,
      revokes: id,
      signer,
    }),
  )
  for (const end of ends) await keepAttestation(context, end)
  return {
    output: { change: null, policies: ends[0] ?? null, delegations: await inForce(context) },
    text: () => `Taken back. What ${to} approved by your right and is not begun does not count any more.\n`,
  }
}

async function listed(context: Context) {
  const delegations = await inForce(context)
  const rows = delegations.map(({ from, to, until }) => ({
    label: 'delegated',
    tone: 'cyan' as const,
    name: to,
    lines: [`may approve by the right of ${from} until ${dayOf(until)}`],
    command: from === context.signer.person ? `upkeep approve delegate --to ${shellWord(to)} --withdraw` : null,
  }))
  return {
    output: { change: null, policies: null, delegations },
    text: (style: TerminalStyle) =>
      rows.length === 0 ? 'No right to approve is in other hands.\n' : `${layRows(rows, style).join('\n')}\n`,
  }
}

async function inForce(context: Context): Promise<Delegation[]> {
  const store = await context.existingStore()
  if (store === null) return []
  const now = context.clock.now()
  return (await approvalRules(context, store)).delegations.filter(({ until }) => until > now)
}
