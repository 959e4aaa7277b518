import { type ChangeInput, ChangePlan, UserError } from '@upkeep/contract'
import type { SecretStoreKind } from '@upkeep/contract/ports'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { titleWords } from '@upkeep/domain/changes/input-words'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { planChange } from '@upkeep/engine/change/propose-change'
import { itemsOf } from '@upkeep/engine/report/items'
import type { Item } from '@upkeep/engine/report/report-model'
import { layRows } from '@upkeep/engine/report/rows'
import { actionWords, closesWords, namesOf } from '@upkeep/engine/report/words'
import { z } from 'zod'
import { askedRotation } from '../credentials/asked-rotation.ts'
import { forgetTyped } from '../credentials/typed-secrets.ts'
import { askedCutOff, nothingEdited } from '../cut-off/asked-cut-off.ts'
import { askedRestore } from '../patch/asked-restore.ts'
import { askedConfig } from '../restore/asked-config.ts'
import { askedChanges, isAnythingAsked, refuseSeveral } from './asked-changes.ts'
import { askedImages } from './asked-images.ts'
import { branchFor } from './branch-plan.ts'
import { changeNamed } from './change-flow.ts'
import { ChangeOutput, changeOutput } from './change-output.ts'
import { outcomeText, planText } from './change-text.ts'
import type { Context } from './context.ts'
import { requireStore } from './draw-report.ts'
import { namedBy, type StandingFinding, standingFindings } from './find-findings.ts'
import { FixInput } from './fix-input.ts'
import { goOn, makePlan } from './make-plan.ts'
import { type Answer, defineOperation } from './operation.ts'
import { branchText, pullRequestOf } from './pull-request.ts'
import { movesSecret, sentTo, storesText } from './secrets-to.ts'
import { skipAnswer } from './skip-version.ts'

const Output = z.strictObject({
  change: ChangeOutput.nullable(),
  fixable: z.array(z.string()),
  /** The text of the pull request, as Markdown, where a branch was made. */
  pullRequest: z.string().nullable(),
  /** Where secrets can go on this machine beside a file, by what is installed: with the list of what can be fixed, and with a plan that moves one. */
  secretStores: z.array(z.enum(['keyring', '1password', 'vault'])).optional(),
  /** What would be written, where only that was asked for. */
  plan: ChangePlan.optional(),
})
type Output = z.infer<typeof Output>

/** One plan and one yes: what closes a finding is worked out, shown, approved, made, and looked at again. */
export const fix = defineOperation({
  id: 'fix',
  summary: 'make the change that closes a finding: one plan, one yes, one way back',
  effect: 'write',
  role: 'operator',
  input: FixInput,
  output: Output,
  cli: {
    verb: 'fix',
    positionals: ['what'],
    listed: 'front',
    examples: [
      { command: 'upkeep fix', says: 'what can be fixed, and by which command' },
      { command: 'upkeep fix fs', says: 'shows the change for the server fs, asks, and makes it' },
      { command: 'upkeep fix fs --online', says: 'fetches the new version and tests it in the sandbox first' },
      { command: 'upkeep fix fs --plan', says: 'only what would be written' },
      { command: 'upkeep fix fs --disable', says: 'switches it off everywhere' },
      {
        command: 'upkeep fix fs --move-secrets --secrets-to keyring',
        says: 'its secrets into the keyring of the system',
      },
      { command: 'upkeep fix fs --restore-packages', says: 'altered files of its packages become what was published' },
      { command: 'upkeep fix fs --restore-config', says: 'its entry becomes what was approved, from a kept copy' },
      { command: 'upkeep fix github --cut-off', says: 'takes a vendor out of every client, and lists what it cannot' },
      {
        command: 'upkeep fix crm --rotate Authorization',
        says: 'asks for a new token, and puts it wherever the old one is',
      },
      { command: 'upkeep fix compose.yaml --pin-images', says: 'its images by their digests' },
      { command: 'upkeep fix fs --branch', says: 'as a branch of its Git repository, for a pull request' },
      { command: 'upkeep fix fs --skip 2.0.1 --until 30d --reason "breaks our paths"', says: 'not that version' },
      { command: 'upkeep fix --change 019abc01', says: 'go on with one that waited or was interrupted' },
    ],
  },
  async run(context, input) {
    if (input.skip !== undefined) {
      const answer = await skipAnswer(context, { ...input, skip: input.skip })
      // What is proposed instead is seen at once.
      await lookAgain(
        context,
        await openItems(context, (open) => input.what.flatMap((word) => namedBy(word, open))),
        false,
      )
      return answer
    }
    const world = await context.acts.changes()
    if (input.change !== undefined)
      return finished(context, world, await goOn(context, world, await changeNamed(world, input.change), input.key))
    const asked = isAnythingAsked(input)
    if (input.what.length === 0 && asked) throw noServer
    const items = asked ? [] : await fixable(context, input.what)
    if (input.online && (await lookAgain(context, items, true)))
      items.splice(0, items.length, ...(await fixable(context, input.what)))
    if (input.what.length === 0) return listed(items, world.ports.secretStores.installed())
    const plan = asked ? await planAsked(context, world, input) : await planFor(context, world, items, input)
    if (plan === null) return nothingToDo()
    if (input.plan) {
      forgetTyped(context.stateDir, plan.inputs)
      const stores = movesSecret(plan.inputs) ? { secretStores: [...world.ports.secretStores.installed()] } : {}
      return {
        output: { change: null, fixable: [], pullRequest: null, plan, ...stores },
        text: (style) => planText(plan, style),
      }
    }
    return finished(context, world, await makePlan(context, world, plan, input))
  },
})

const noServer = new UserError('bad-input', 'No server is named.', 'Name it: "upkeep fix <server>".')

async function fixable(context: Context, words: readonly string[]): Promise<Item[]> {
  return openItems(context, (open) => (words.length === 0 ? open : words.flatMap((word) => namedOrThrow(word, open))))
}

async function openItems(context: Context, pick: (open: StandingFinding[]) => StandingFinding[]): Promise<Item[]> {
  const store = await requireStore(context)
  const open = (await standingFindings(store, context.clock.now())).filter(
    ({ finding }) => finding.state !== 'resolved',
  )
  const named = pick(open)
  return itemsOf([...new Set(named.map(({ finding }) => finding))]).filter(({ changes }) => changes.length > 0)
}

/** Which version is proposed, and why not its latest, is judged anew: where the registry may be asked, by what it says now. */
async function lookAgain(context: Context, items: readonly Item[], online: boolean): Promise<boolean> {
  const ofVersions = items.filter(({ changes }) => changes.some(({ kind }) => kind === 'set-server-version'))
  const duties = new Set(ofVersions.flatMap(({ findings }) => findings.map(({ statement }) => statement.duty)))
  if (duties.size === 0) return false
  await context.acts.scan({ what: [...duties], homes: [], probe: false, online })
  return true
}

function namedOrThrow(word: string, open: Parameters<typeof namedBy>[1]) {
  const named = namedBy(word, open)
  if (named.length > 0) return named
  throw new UserError(
    'not-found',
    `No open finding has the name "${word.slice(0, 80)}".`,
    'List them: "upkeep findings".',
  )
}

/** What was asked for in so many words, with the bytes of another version where they may be fetched. */
async function planAsked(
  context: Context,
  world: ChangeWorld,
  input: z.infer<typeof FixInput>,
): Promise<ChangePlan | null> {
  refuseSeveral(input)
  const wanted = await wantedBy(context, world, input)
  const plan = await planned(context, world, wanted, input).catch((error: unknown) => {
    forgetTyped(context.stateDir, wanted.inputs)
    throw error
  })
  if (plan === null) forgetTyped(context.stateDir, wanted.inputs)
  if (plan === null && input.cutOff) throw nothingEdited(wanted.inputs)
  return plan
}

/** What the one wish comes to. */
async function wantedBy(context: Context, world: ChangeWorld, input: z.infer<typeof FixInput>) {
  const { rotate, what } = input
  if (input.cutOff) return askedCutOff(context, world, what)
  if (input.restorePackages) return askedRestore(context, what)
  if (input.restoreConfig) return askedConfig(context, world, what, input.asOf)
  if (input.pinImages) return askedImages(context, world, input)
  if (rotate !== undefined) return askedRotation(context, world, what, { ...input, rotate })
  return askedChanges(context, what, input)
}

/** How a change is wanted, whatever it is. */
interface How {
  readonly online: boolean
  readonly branch: boolean
  readonly base?: string | undefined
  readonly secretsTo?: string | undefined
  readonly costs?: string | undefined
}

/** The plan of what is wanted: with the bytes of another version where they may be fetched, and as a branch where one is wanted. */
async function planned(
  context: Context,
  world: ChangeWorld,
  wanted: { inputs: ChangeInput[]; title: string; closes: string[]; said: string[] },
  { online, branch: asBranch, base, secretsTo, costs }: How,
): Promise<ChangePlan | null> {
  const asked = sentTo(wanted.inputs, secretsTo)
  const made = asBranch ? await branchFor(context, { ...wanted, inputs: asked, base: base ?? null }) : null
  const of = { inputs: made?.inputs ?? asked, ...(made === null ? {} : { branch: made.branch }) }
  const { inputs } = await context.acts.prospects(of, online)
  const said = [...wanted.said, ...(made?.said ?? [])]
  return planChange(world, { ...wanted, ...of, inputs, said, class: 'normal', ...costsOf(costs) })
}

/** As it was said: "1200 EUR". */
function costsOf(said: string | undefined): Pick<ChangePlan, 'costs'> {
  const [amount, currency] = said?.split(' ') ?? []
  return amount === undefined || currency === undefined ? {} : { costs: { amount: Number(amount), currency } }
}

/** What several items want of one thing is one input; two that want different things of it are the person's to choose from. */
async function planFor(
  context: Context,
  world: ChangeWorld,
  items: readonly Item[],
  how: How,
): Promise<ChangePlan | null> {
  if (items.length === 0)
    throw new UserError(
      'change-impossible',
      'Nothing named can be fixed by a change that this version makes.',
      'What to do by hand: "upkeep findings".',
    )
  const inputs = [...new Map(items.flatMap(({ changes }) => changes).map((one) => [canonicalJson(one), one])).values()]
  refuseRivals(inputs)
  const closes = items.flatMap(({ findings }) => findings.map(({ statement }) => statement.fingerprint))
  const title = items.length === 1 ? titleOf(items[0]) : `${items.length} changes: ${items.map(titleOf).join('; ')}`
  return planned(context, world, { inputs, title: title.slice(0, 300), closes, said: items.flatMap(saidOf) }, how)
}

/** Why it is this version, and what has to be known about the way there: what the findings propose says it. */
function saidOf({ findings, limits }: Item): string[] {
  const why = findings.flatMap(({ statement }) => statement.proposals[0]?.why ?? [])
  return [...new Set([...why, ...limits])]
}

function titleOf(item: Item | undefined): string {
  const [change] = item?.changes ?? []
  const names = item === undefined ? '' : namesOf(item, 3)
  return change === undefined ? names : titleWords(change, names)
}

function refuseRivals(inputs: readonly ChangeInput[]): void {
  const wanted = new Map<string, ChangeInput>()
  for (const input of inputs) {
    // Several secrets of one entry are no rivals.
    if (input.kind === 'move-secret') continue
    const key = `${input.kind} ${input.path}${'server' in input ? `#${input.server}` : ''}`
    if (wanted.has(key))
      throw new UserError(
        'ambiguous',
        `The findings want different things of ${key}.`,
        'Name one finding by its fingerprint.',
      )
    wanted.set(key, input)
  }
}

function listed(items: readonly Item[], stores: readonly SecretStoreKind[]): Answer<Output> {
  const rows = items.map((item) => ({
    label: item.severity,
    tone: 'yellow' as const,
    name: namesOf(item, 2),
    lines: [actionWords(item), closesWords(item)].filter((line) => line !== ''),
    command: `upkeep fix ${item.findings[0]?.statement.fingerprint.slice(0, 12) ?? ''}`,
  }))
  const nothing = 'Nothing that is open can be fixed by a change of ours. What is open: upkeep findings\n'
  return {
    output: { change: null, fixable: items.map(({ key }) => key), pullRequest: null, secretStores: [...stores] },
    text: (style) => (rows.length === 0 ? nothing : `${layRows(rows, style).join('\n')}\n${storesText(items, stores)}`),
  }
}

function nothingToDo(): Answer<Output> {
  return {
    output: { change: null, fixable: [], pullRequest: null },
    text: () => 'Nothing is to be done: all of it is as it should be. To have it seen: upkeep scan\n',
  }
}

async function finished(context: Context, world: ChangeWorld, state: ChangeState): Promise<Answer<Output>> {
  const held = state.phase === 'proposed' ? await world.heldBy(state) : null
  if (state.phase === 'closed') forgetTyped(context.stateDir, state.plan.inputs)
  const pullRequest = state.phase === 'applied' ? await pullRequestOf(context, state) : null
  return {
    output: { change: changeOutput(state, held), fixable: [], pullRequest },
    text: (style) =>
      `${outcomeText(state, style, context.clock.now(), held)}${pullRequest === null ? '' : branchText(state, pullRequest, style)}`,
    ...(state.outcome === 'done' && state.sighting?.holds === true ? {} : { outcome: 'findings' as const }),
  }
}
