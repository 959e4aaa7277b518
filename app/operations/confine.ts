import { type ChangeInput, type ChangePlan, ConfinementProfile, UserError } from '@upkeep/contract'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { type AskedOtherwise, draftProfile, type ObservedUse } from '@upkeep/domain/confinement/draft-profile'
import { consentFor } from '@upkeep/domain/run-plan/consent-for'
import { shellWord } from '@upkeep/domain/shell-word'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { planChange } from '@upkeep/engine/change/propose-change'
import { isOfKind } from '@upkeep/engine/kernel/observation-index'
import { counted } from '@upkeep/engine/report/paint'
import { z } from 'zod'
import { askTrial } from './ask-trial.ts'
import { argumentOf } from './asked-changes.ts'
import { ChangeOutput, changeOutput } from './change-output.ts'
import { outcomeText, planText } from './change-text.ts'
import type { Context } from './context.ts'
import { makePlan } from './make-plan.ts'
import { type Answer, defineOperation } from './operation.ts'
import { type Runnable, runnableNamed } from './servers-named.ts'

const path = z.string().startsWith('/').max(1_000)
const Input = z.strictObject({
  server: z.string().describe('The server by name or id'),
  plan: z.boolean().default(false).describe('Only show the walls and what would be written; store nothing'),
  read: z
    .array(path)
    .default([])
    .meta({ description: 'Let it read this folder or file too', valueName: 'path', local: true }),
  write: z
    .array(path)
    .default([])
    .meta({ description: 'Let it read and write this folder or file', valueName: 'path', local: true }),
  network: z
    .enum(['none', 'open'])
    .optional()
    .describe('Give or take the network, whatever was seen')
    .meta({ valueName: 'none|open' }),
  arg: z
    .array(z.string().max(4_000))
    .default([])
    .meta({ description: 'Narrow an argument first, by its number: 3=/srv/data', valueName: 'number=value' }),
  keepPermissions: z
    .boolean()
    .default(false)
    .describe('Leave the tools that its client calls without asking as they are'),
  all: z.boolean().default(false).describe('Every server of that name'),
  reason: z.string().min(1).max(2_000).optional().describe('Why it is made, for the record'),
  key: z
    .string()
    .optional()
    .meta({ description: 'Approve with this SSH key, as "approve" does', valueName: 'file', local: true }),
})
type Input = z.infer<typeof Input>

const Output = z.strictObject({ change: ChangeOutput.nullable(), profiles: z.array(ConfinementProfile) })
type Output = z.infer<typeof Output>

/** Learns what a server uses, draws the narrowest walls from it, shows that they hold, and makes its entry start behind them. */
export const confine = defineOperation({
  id: 'confine',
  summary: 'start a server behind walls: it sees what it uses, and nothing else of yours',
  effect: 'write',
  role: 'operator',
  input: Input,
  output: Output,
  cli: {
    verb: 'confine',
    positionals: ['server'],
    listed: 'rest',
    examples: [
      {
        command: 'upkeep confine fs',
        says: 'runs it in the sandbox, shows the walls, tries them, asks, and puts them up',
      },
      { command: 'upkeep confine fs --plan', says: 'only the walls' },
      { command: 'upkeep confine fs --write /home/ada/notes', says: 'it may write there as well' },
      { command: 'upkeep confine fs --arg 3=/home/ada/docs/public', says: 'a narrower folder, and walls around that' },
    ],
  },
  async run(context, input) {
    const world = await context.acts.changes()
    const drafted = await draftAll(context, input)
    const profiles = drafted.flatMap(({ profile }) => profile)
    const plan = await planFor(world, drafted, input)
    if (plan === null) return nothingToDo(profiles)
    if (input.plan) return { output: { change: null, profiles }, text: (style) => planText(plan, style) }
    const state = await makePlan(context, world, plan, { ...input, reason: input.reason ?? reasonFor(profiles) })
    const held = state.phase === 'proposed' ? await world.heldBy(state) : null
    return {
      output: { change: changeOutput(state, held), profiles },
      text: (style) => outcomeText(state, style, context.clock.now(), held),
      ...(state.outcome === 'done' && state.sighting?.holds === true ? {} : { outcome: 'findings' as const }),
    }
  },
})

function reasonFor(profiles: readonly ConfinementProfile[]): string {
  const calls = profiles.reduce((sum, { learned }) => sum + learned.calls, 0)
  const seen = calls === 0 ? 'what its start shows' : `what ${counted(calls, 'recorded call')} use`
  return `It shall reach no more than ${seen}, whatever a call or a fault of it asks for.`
}

interface Drafted {
  server: DeclaredServer
  use: ObservedUse
  narrowed: ChangeInput[]
  profile: ConfinementProfile
}

async function draftAll(context: Context, input: Input): Promise<Drafted[]> {
  const runnable = runnableNamed(input.server, input.all, await context.acts.runPlans())
  await requireConsent(context, runnable)
  const drafted: Drafted[] = []
  for (const one of runnable) drafted.push(await draft(context, one, input))
  return drafted
}

/** Learning runs the server: a person at the terminal is asked for it, anybody else has to have been. */
async function requireConsent(context: Context, runnable: readonly Runnable[]): Promise<void> {
  const missing = async () => {
    const standing = await (await context.store()).consents.list()
    return runnable.find(({ subject, plan }) => consentFor(standing, subject.id, plan).state !== 'given')
  }
  if ((await missing()) !== undefined)
    await askTrial(context, { inputs: [], anew: runnable.map((one) => ({ ...one, why: '', was: null })) })
  const refused = await missing()
  if (refused === undefined) return
  throw new UserError(
    'not-consented',
    `What "${refused.subject.name}" uses is learned by running it in the sandbox, and nobody has let it be run.`,
    `It would start: ${refused.plan.shown}. If that is right: "upkeep accept ${shellWord(refused.subject.name)} --run".`,
  )
}

async function draft(context: Context, { subject, plan }: Runnable, input: Input): Promise<Drafted> {
  const seen = await context.acts.look(['declared-server', 'integrations'])
  const of = seen.filter((one) => one.subject.id === subject.id && one.state === 'seen')
  const declared = of.find((one) => isOfKind(one, 'declared-server'))
  const integrations = of.find((one) => isOfKind(one, 'integrations'))
  if (declared?.state !== 'seen') throw new UserError('not-found', 'Its entry is gone.', 'List them: "upkeep servers".')
  context.progress(`running ${subject.name} in the sandbox to see what it uses`)
  const use = await context.acts.learn({ subject, plan })
  if ('state' in use)
    throw new UserError(
      'cannot-run',
      `What it uses could not be seen: ${use.reason}.`,
      'See "upkeep doctor --sandbox".',
    )
  const narrowed = narrowedBy(declared.facts, input.arg)
  const after = narrowed.length === 0 ? null : await asNarrowed(context, narrowed, subject.id)
  const destinations = integrations?.state === 'seen' ? integrations.facts.destinations : []
  const asked: AskedOtherwise = { read: input.read, write: input.write, network: input.network ?? null }
  const profile = draftProfile({
    server: after === null ? declared.facts : withArguments(declared.facts, input.arg),
    plan: after ?? plan,
    home: context.machine.home,
    use,
    destinations: destinations.map(({ host, vendor }) => host ?? vendor ?? ''),
    asked,
  })
  if (typeof profile === 'string')
    throw new UserError(
      'change-impossible',
      `"${subject.name}" cannot be confined: ${profile}.`,
      'See "upkeep servers".',
    )
  return { server: declared.facts, use, narrowed, profile: ConfinementProfile.parse(profile) }
}

function namedOf({ path, name, project }: DeclaredServer) {
  return { path, server: name, ...(project === null ? {} : { project }) }
}

function narrowedBy(server: DeclaredServer, args: readonly string[]): ChangeInput[] {
  if (args.length === 0) return []
  if (server.confined !== undefined)
    throw new UserError(
      'change-impossible',
      'It is confined already, and its walls are for exactly its arguments.',
      'Take them down first: "upkeep undo".',
    )
  return [{ kind: 'set-server-args', ...namedOf(server), changes: args.map((word) => argumentOf(server, word)) }]
}

/** What would be started of the entry once its arguments are changed. */
async function asNarrowed(context: Context, inputs: ChangeInput[], id: string) {
  const { anew } = await context.acts.prospects({ inputs }, false)
  const plan = anew.find(({ subject }) => subject.id === id)?.plan
  if (plan === null || plan === undefined)
    throw new UserError('change-impossible', 'With these arguments it could not be run.', 'See "upkeep servers".')
  return plan
}

function withArguments(server: DeclaredServer, words: readonly string[]): DeclaredServer {
  const changes = words.map((word) => argumentOf(server, word))
  const args = server.args.map((value, index) => {
    const change = changes.find((one) => one.index === index)
    return change === undefined ? value : { kind: 'plain' as const, text: change.to }
  })
  return { ...server, args }
}

async function planFor(world: ChangeWorld, drafted: readonly Drafted[], input: Input): Promise<ChangePlan | null> {
  const inputs = drafted.flatMap(({ server, narrowed, profile, use }): ChangeInput[] => [
    ...narrowed,
    { kind: 'confine-server', ...namedOf(server), profile },
    ...(input.keepPermissions ? [] : fewerPermissions(server, use)),
  ])
  const names = [...new Set(drafted.map(({ server }) => server.name))].join(', ')
  return planChange(world, { inputs, title: `confine ${names}`, class: 'normal', closes: [] })
}

/** Without golden calls nobody knows which tools are used: then nothing is taken from what its client calls without asking. */
function fewerPermissions(server: DeclaredServer, { called }: ObservedUse): ChangeInput[] {
  const { autoApprove } = server
  if (called.length === 0 || autoApprove.length === 0) return []
  const used = [...new Set(called)].sort()
  const to = autoApprove.includes('*') ? used : autoApprove.filter((tool) => used.includes(tool))
  if (to.length === autoApprove.length && to.every((tool) => autoApprove.includes(tool))) return []
  return [{ kind: 'set-client-permission', ...namedOf(server), from: autoApprove, to }]
}

function nothingToDo(profiles: ConfinementProfile[]): Answer<Output> {
  return {
    output: { change: null, profiles },
    text: () => 'Nothing is to be done: it is started behind these very walls. To try them: upkeep prove <server>\n',
  }
}
