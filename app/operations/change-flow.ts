import { type Approval, type ApprovalPolicy, UserError } from '@upkeep/contract'
import { ImpactSheet } from '@upkeep/contract/impact-sheet'
import { failedTests, isAlone, isWaivable } from '@upkeep/domain/changes/approval-rule'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { Delegation } from '@upkeep/domain/changes/delegations'
import { approvalStatement } from '@upkeep/domain/changes/signed-statements'
import type { Maker } from '@upkeep/engine/change/apply-change'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { recordStep, storedChange } from '@upkeep/engine/change/record-step'
import { withLease } from '@upkeep/engine/schedule/with-lease'
import { approvalRules, asksOf } from '../policies-in-force.ts'
import { planText, presenceWords, sheetText } from './change-text.ts'
import type { Context, PersonalKey } from './context.ts'
import { noOneToAsk, refuseAgents } from './decide.ts'
import { rightFor } from './delegated-right.ts'
import { enrolIfNew } from './enrol-key.ts'
import { personalKey } from './personal-key.ts'

/** Does something that only one process may do at a time: changes are made by one hand. */
export async function asTheOnlyMaker<Result>(
  context: Context,
  world: ChangeWorld,
  make: (maker: Maker) => Promise<Result>,
): Promise<Result> {
  const waiting = (holder: string) => context.progress(`Waiting for ${holder}, who is making a change`)
  return withLease(world.store, { name: 'changes', onWait: waiting }, (lease) =>
    make({ holder: `${context.machine.user} on ${context.machine.platform}`, confirm: lease.confirm }),
  )
}

/** A change as it is now that nobody else makes one: whoever had the turn before may have taken it further. */
export async function asItIsNow({ store }: Pick<ChangeWorld, 'store'>, { id }: ChangeState): Promise<ChangeState> {
  const state = await storedChange(store, id)
  if (state === null) throw new Error(`change ${id} is no longer there`)
  return state
}

/** The change that a person named by its id or the beginning of it. */
export async function changeNamed(world: Pick<ChangeWorld, 'store'>, word: string): Promise<ChangeState> {
  const ids = (await world.store.changes.list()).filter(
    (id) => id === word || (word.length >= 8 && id.startsWith(word)),
  )
  const [id, other] = ids
  if (id === undefined)
    throw new UserError('not-found', 'There is no change of that id.', 'List them: "upkeep changes".')
  if (other !== undefined)
    throw new UserError(
      'ambiguous',
      `Several changes begin like that: ${ids.slice(0, 5).join(', ')}.`,
      'Give more of the id.',
    )
  const state = await storedChange(world.store, id)
  if (state !== null) return state
  throw new UserError(
    'evidence-invalid',
    `The steps of change ${id} do not follow one another.`,
    'Run "upkeep verify".',
  )
}

/**
 * Shows a plan to the person at the terminal and takes their word. Without one nobody can approve: what stands in the command line is not a
 * person.
 *
 * @throws UserError `needs-a-person` without a terminal, and where the person did not say yes.
 */
export async function askApproval(
  context: Context,
  world: ChangeWorld,
  state: ChangeState,
  keyFile?: string,
  waiver: Waiver | null = null,
): Promise<ChangeState> {
  const { person } = context
  refuseAgents(context)
  if (person === null)
    throw new UserError(
      'needs-a-person',
      `Change ${state.id} waits for the approval of a person, and ${noOneToAsk}.`,
      `At a terminal: upkeep approve ${state.id}. In the console, with a passkey: Settings, Your keys.`,
    )
  const rules = await approvalRules(context, world.store)
  const asks = asksOf(rules, state)
  requireAnother(context, state, asks)
  refuseFailed(state, waiver)
  const right = rightFor(context, state, rules)
  const key = personalKey(person, keyFile, rules.keys.get(context.signer.person) ?? [])
  if (waiver !== null && key === null)
    throw new UserError(
      'needs-a-person',
      'A failed test is waived only by somebody who shows that they are there.',
      'Sign with your key: --key <file>, or a passkey in the console.',
    )
  const sheet = await sheetOf(world, state)
  const onBehalfOf = right?.from ?? null
  const waives = (waiver?.waives ?? []).map(
    (test) => `You approve it in spite of the failed test "${test}": ${waiver?.reason}`,
  )
  const lacking = await world.lacking(state)
  const waits = lacking === null ? [] : [`Approved or not, it waits: ${lacking}`]
  const words = [...presenceWords(context, state, { hasKey: key !== null, asks, onBehalfOf }), ...waives, ...waits]
  person.show(
    `\n${planText(state.plan, person.style)}\n${sheetText(sheet, state.tests, person.style)}\n${words.join('\n')}\n`,
  )
  const answer = await person.ask(`Approve: ${state.plan.title}? [yes/no] `)
  if (answer?.toLowerCase() !== 'yes')
    throw new UserError(
      'needs-a-person',
      `Change ${state.id} was not approved: only "yes" is one.`,
      `It waits: upkeep approve ${state.id}`,
    )
  return recordStep(world, state, {
    is: 'approved',
    approval: await approvalOf(context, state, { key, asks, right, waiver }),
  })
}

/** The impact sheet that was drawn of a change; null where none was. */
export async function sheetOf(world: Pick<ChangeWorld, 'store'>, state: ChangeState): Promise<ImpactSheet | null> {
  const digest = state.assessment?.sheet ?? null
  const text = digest === null ? null : await world.store.objects.get(digest)
  return text === null ? null : ImpactSheet.parse(JSON.parse(text))
}

/** Failed tests that a person takes on themselves, and why. */
export interface Waiver {
  readonly waives: string[]
  readonly reason: string
}

interface Saying {
  readonly key: PersonalKey | null
  readonly asks: readonly ApprovalPolicy[]
  readonly right: Delegation | null
  readonly waiver: Waiver | null
}

/** The word of the person, signed where they have a key. */
async function approvalOf(
  context: Context,
  state: ChangeState,
  { key, asks, right, waiver }: Saying,
): Promise<Approval> {
  const days = Math.min(...asks.map(({ validDays }) => validDays))
  const end = new Date(Date.parse(context.clock.now()) + days * 86_400_000).toISOString()
  // What was said by the right of another ends with that right.
  const until = right !== null && right.until < end ? right.until : end
  const behalf = right === null ? {} : { onBehalfOf: right.from }
  const word = waiver ?? { reason: null }
  const said = { digest: state.digest, decision: 'approved' as const, role: 'approver', until, ...behalf, ...word }
  if (key === null) return { ...said, signer: context.signer }
  await enrolIfNew(context, key)
  const { person } = context.signer
  const signature = await key.sign(approvalStatement({ ...said, change: state.id, person }))
  return { ...said, signer: { person, presence: key.presence, signature } }
}

/** A failed test holds a change unless it is waived: nobody is asked for a word that counts for nothing. */
function refuseFailed(state: ChangeState, waiver: Waiver | null): void {
  const { id } = state
  const named = waiver?.waives ?? []
  const idle = named.find((test) => !failedTests(state).some(({ name }) => name === test))
  if (idle !== undefined)
    throw new UserError('bad-input', `No test "${idle}" of change ${id} failed.`, `See "upkeep changes ${id}".`)
  const failed = failedTests(state).filter(({ name }) => !named.includes(name) || !isWaivable(name))
  if (failed.length === 0) return
  const open = failed.filter(({ name }) => isWaivable(name)).map(({ name }) => `--waive "${name}"`)
  const waive =
    open.length < failed.length
      ? ''
      : ` Take it on yourself with "upkeep approve ${id} ${open.join(' ')} --reason … --key …".`
  throw new UserError(
    'not-approved',
    `Change ${id} is not made. ${failed.map(({ name, detail }) => `The test "${name}" failed: ${detail}`).join(' ')}`,
    `See "upkeep changes ${id}". Give it up with "upkeep changes ${id} --abandon".${waive}`,
  )
}

/** With several people named, nobody approves what they asked for themselves, unless the policy lets them: in an emergency. */
function requireAnother({ people, signer }: Context, state: ChangeState, asks: readonly ApprovalPolicy[]): void {
  if (isAlone(people) || state.requester.person !== signer.person) return
  if (asks.every(({ separation }) => !separation)) return
  throw new UserError(
    'not-allowed',
    `"${signer.person}" asked for change ${state.id}, and so cannot approve it.`,
    'Ask somebody else who may approve.',
  )
}

/** A person's no, which holds the change until they take it back. It takes no proof: whoever may decide may always stop it. */
export function refuseChange(
  context: Context,
  world: ChangeWorld,
  state: ChangeState,
  reason: string,
): Promise<ChangeState> {
  refuseAgents(context)
  const until = new Date(Date.parse(context.clock.now()) + refusalDays * 86_400_000).toISOString()
  const said = { digest: state.digest, decision: 'refused' as const, role: 'approver', reason, until }
  return recordStep(world, state, { is: 'approved', approval: { ...said, signer: context.signer } })
}

const refusalDays = 90

/** Takes one's own word about a change back; nobody takes back that of another. */
export function withdrawWord(context: Context, world: ChangeWorld, state: ChangeState): Promise<ChangeState> {
  refuseAgents(context)
  const { person } = context.signer
  if (!state.approvals.some(({ signer }) => signer.person === person))
    throw new UserError(
      'not-found',
      `Nothing that "${person}" said about change ${state.id} stands.`,
      `See "upkeep changes ${state.id}".`,
    )
  return recordStep(world, state, { is: 'approval-withdrawn', person, signer: context.signer })
}
