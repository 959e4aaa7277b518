import { UserError } from '@upkeep/contract'
import { ChangeDocument } from '@upkeep/contract/change-document'
import { ImpactSheet } from '@upkeep/contract/impact-sheet'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { abandonChange } from '@upkeep/engine/change/drive-change'
import { storedChange } from '@upkeep/engine/change/record-step'
import { layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import { forgetTyped } from '../credentials/typed-secrets.ts'
import { documentAnswer, documentFormats, documentsAnswer } from './change-documents.ts'
import { changeNamed, sheetOf } from './change-flow.ts'
import { ChangeOutput, changeOutput } from './change-output.ts'
import { riskText } from './change-risk.ts'
import { sampleAnswer } from './change-sample.ts'
import { changeRow, planText, sheetText, standingOf, testsText } from './change-text.ts'
import { JournalLine, journalOf, timelineText } from './change-timeline.ts'
import type { Context } from './context.ts'
import { requireStore } from './draw-report.ts'
import { justifyAnswer } from './justify-change.ts'
import { defineOperation } from './operation.ts'
import { pullRequestAnswer } from './pull-request.ts'
import { tellOfChange } from './tell-of-change.ts'
import { ListedTicket, listedTickets, ticketText } from './ticket-output.ts'

/** The changes, and what each waits for. */
export const changes = defineOperation({
  id: 'changes',
  summary: 'list the changes and what each waits for; give one up',
  effect: 'write',
  role: 'operator',
  readsWithout: ['abandon', 'reason', 'justify'],
  pages: 'changes',
  input: z.strictObject({
    change: z.string().optional().describe('One change by its id: its plan and where it stands'),
    all: z.boolean().default(false).describe('Those that are closed too'),
    abandon: z.boolean().default(false).describe('Give this change up, before it is made'),
    reason: z.string().min(1).max(2_000).optional().describe('Why it is given up, or was made'),
    justify: z
      .string()
      .optional()
      .meta({ description: 'Say why this change was made, for the record', valueName: 'id' }),
    pullRequest: z.boolean().default(false).describe('The text of the pull request for the branch of this change'),
    document: z.boolean().default(false).describe('The document of this change, for people who were not there'),
    sample: z.int().min(1).max(10_000).optional().meta({
      description: 'Draw so many changes for an auditor, with the list of all and the evidence',
      valueName: 'count',
      local: true,
    }),
    seed: z.int().min(0).default(1).meta({ description: 'By which seed they are drawn', valueName: 'number' }),
    from: z.iso.date().optional().meta({ description: 'Of those drawn from, the first day', valueName: 'day' }),
    to: z.iso.date().optional().meta({ description: 'Of those drawn from, the last day', valueName: 'day' }),
    documents: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'Write the documents of all changes into this folder', valueName: 'folder', local: true }),
    format: z
      .enum(documentFormats)
      .optional()
      .describe('Of documents: md, html or json; left out, md, or all in a folder'),
    out: z.string().min(1).optional().meta({
      description: 'Where the document is written, or the folder of a sample',
      valueName: 'path',
      local: true,
    }),
  }),
  output: z.strictObject({
    changes: z.array(ChangeOutput),
    documents: z.array(ChangeDocument),
    /** Of one change that was named: what it means. Null where none was drawn. */
    sheet: ImpactSheet.nullable(),
    journal: z
      .array(JournalLine)
      .default([])
      .describe('Of one change that was named: its steps, as they were recorded'),
    /** Of one change that was named: its ticket, where it has one. */
    ticket: ListedTicket.nullable().default(null),
    text: z.string().nullable().default(null).describe('The document that was asked for, in the format that was asked'),
  }),
  cli: {
    verb: 'changes',
    positionals: ['change'],
    listed: 'rest',
    examples: [
      { command: 'upkeep changes', says: 'what is open, and what it waits for' },
      { command: 'upkeep changes --all', says: 'what was made too' },
      { command: 'upkeep changes 019abc01 --abandon', says: 'give one up' },
      { command: 'upkeep changes 019abc01 --document', says: 'its document, as Markdown' },
      { command: 'upkeep changes 019abc01 --pull-request --out pr.md', says: 'for the branch that it made' },
      {
        command: 'upkeep changes --justify 019abc01 --reason "The vendor ends support in May"',
        says: 'why it was made',
      },
      { command: 'upkeep changes --sample 25 --seed 7 --out ./audit', says: 'what an auditor draws' },
      { command: 'upkeep changes --documents ./changes', says: 'the documents of all changes' },
    ],
  },
  decides: ({ justify }) => justify !== undefined,
  async run(context, input) {
    await requireStore(context)
    if (input.justify !== undefined) return justifyAnswer(context, input.justify, input.reason)
    if (input.sample !== undefined) return sampleAnswer(context, { ...input, sample: input.sample })
    if (input.documents !== undefined) return documentsAnswer(context, input.documents, input.format)
    if (input.pullRequest) return pullRequestAnswer(context, requiredId(input.change), input.out)
    if (input.document) return documentAnswer(context, requiredId(input.change), input)
    const world = await context.acts.changes()
    const named = input.change === undefined ? null : await changeNamed(world, input.change)
    const given = named !== null && input.abandon ? await givenUp(context, world, named, input.reason) : named
    if (given?.phase === 'closed') forgetTyped(context.stateDir, given.plan.inputs)
    const states = given === null ? await statesOf(world, input.all) : [given]
    const held = await Promise.all(states.map((state) => heldOf(world, state)))
    const at = context.clock.now()
    const sheet = given === null ? null : await sheetOf(world, given)
    const risk = given === null ? null : await riskText(context, given)
    const [ticket = null] = given === null ? [] : await listedTickets(context, world.store, [given.id])
    return {
      output: {
        changes: states.map((state, index) => changeOutput(state, held[index] ?? null)),
        documents: [],
        sheet,
        journal: given === null ? [] : journalOf(given),
        ticket,
      },
      text: (style) => {
        const rows = states.map((state, index) => changeRow(state, held[index] ?? null, at))
        if (rows.length === 0) return 'No change is open. What could be made: upkeep fix\n'
        const body = `${layRows(rows, style).join('\n')}\n`
        if (given === null || risk === null) return body
        const gate = `${sheetText(sheet, given.tests, style)}
${testsText(given.tests, style)}`
        return `${planText(given.plan, style)}
${gate}\n${risk(style)}
${timelineText(given, style)}
${
  ticket === null
    ? ''
    : `${ticketText(ticket, style, at)}
`
}${body}`
      },
      table: {
        columns: ['change', 'state', 'title', 'requester', 'proposed', 'held by'],
        rows: states.map((state, index) => [
          state.id,
          standingOf(state, held[index] ?? null).label,
          state.plan.title,
          state.requester.person,
          state.proposedAt,
          held[index] ?? '',
        ]),
      },
    }
  },
})

/** Whom an emergency called is told that it is over. */
async function givenUp(context: Context, world: ChangeWorld, named: ChangeState, reason = 'given up') {
  const state = await abandonChange(world, named, reason, context.signer)
  return state.emergency === null ? state : (await tellOfChange(context, world, state, 'resolved')).state
}

function requiredId(change: string | undefined): string {
  if (change !== undefined) return change
  throw new UserError('bad-input', 'Of which change?', 'upkeep changes <id> --document')
}

async function heldOf(world: ChangeWorld, state: ChangeState): Promise<string | null> {
  return state.phase === 'proposed' ? world.heldBy(state) : null
}

async function statesOf(world: ChangeWorld, all: boolean): Promise<ChangeState[]> {
  const ids = all ? await world.store.changes.list({ limit: 200 }) : await world.store.changes.open()
  const states = await Promise.all(ids.map((id) => storedChange(world.store, id)))
  return states.filter((state) => state !== null)
}
