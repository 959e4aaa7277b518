import type { TerminalStyle } from '@upkeep/engine/report/paint'
import type { ReportModel } from '@upkeep/engine/report/report-model'
import { layRows } from '@upkeep/engine/report/rows'
import { stampsOf } from '@upkeep/engine/report/words'
import { z } from 'zod'
import type { Context } from './context.ts'
import { drawReport } from './draw-report.ts'
import { UseAnswer, UseReason, worst } from './judge-use.ts'
import { defineOperation } from './operation.ts'
import { useOfServers } from './use-of-servers.ts'

const MayUseOutput = z.strictObject({
  asked: z.string(),
  answer: UseAnswer.describe('The worst of the answers below'),
  /** When the fleet was last looked at; null: never. */
  observedAt: z.string().nullable(),
  servers: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      client: z.string(),
      answer: UseAnswer,
      reasons: z.array(UseReason),
    }),
  ),
  /** Why nothing is known of what was asked for. */
  reasons: z.array(UseReason),
})
type Output = z.infer<typeof MayUseOutput>

/** Whether a server may be used now. */
export const mayUseServer = defineOperation({
  id: 'may-use',
  summary: 'may a server be used now: yes, no or not known, with the reasons',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({
    server: z.string().min(1).max(500).describe('A server, by its name in the client or its id'),
    client: z.string().min(1).max(100).optional().meta({ description: 'Only in this client', valueName: 'client' }),
  }),
  output: MayUseOutput,
  cli: {
    verb: 'may-use',
    positionals: ['server'],
    listed: 'rest',
    examples: [
      { command: 'upkeep may-use fs', says: 'in every client that has it' },
      { command: 'upkeep may-use fs --client cursor --json', says: 'for a gateway or an agent' },
    ],
  },
  async run(context, asked) {
    const output = await useOf(context, asked)
    const outcomes = { yes: {}, no: { outcome: 'findings' as const }, unknown: { outcome: 'not-evaluated' as const } }
    return {
      output,
      text: (style) => mayUseText(output, style),
      table: {
        columns: ['server', 'client', 'answer', 'code', 'says', 'about', 'id'],
        rows: output.servers.flatMap(({ name, client, answer, reasons, id }) =>
          (reasons.length === 0 ? [null] : reasons).map((one) => [
            name,
            client,
            answer,
            one?.code ?? null,
            one?.says ?? null,
            one?.about ?? null,
            id,
          ]),
        ),
      },
      stamps: stampsOf({ practice: context.practice, simulatedClock: context.clock.kind === 'simulated' }),
      ...outcomes[output.answer],
    }
  },
})

/** What is asked. `ownWordOnly`: without what contracts of others say. */
interface UseAsked {
  server: string
  client?: string | undefined
  ownWordOnly?: boolean
}

/** The answer for a server, from what is known here. */
export async function useOf(context: Context, asked: UseAsked): Promise<Output> {
  const store = await context.existingStore()
  if (store === null) return nothing(asked.server, null, 'never-looked', 'Nothing was looked at yet: upkeep scan.')
  const model = await drawReport(context)
  const { observedAt } = model.coverage
  const named = model.coverage.servers.filter(
    ({ subject, client }) =>
      [subject.name, subject.id].includes(asked.server) && (asked.client === undefined || client === asked.client),
  )
  if (named.length === 0) return nothing(asked.server, observedAt, 'not-seen', notSeen(model))
  const servers = await useOfServers(context, store, model, named, asked.ownWordOnly === true)
  return {
    asked: asked.server,
    answer: worst(servers.map(({ answer }) => answer)),
    observedAt,
    servers,
    reasons: [],
  }
}

function nothing(asked: string, observedAt: string | null, code: 'never-looked' | 'not-seen', says: string): Output {
  return {
    asked,
    answer: 'unknown',
    observedAt,
    servers: [],
    reasons: [{ answer: 'unknown', code, says, about: null }],
  }
}

/** What could not be read may hold the server that was asked for. */
function notSeen({ coverage: { unreadable } }: ReportModel): string {
  const unread = unreadable.length === 0 ? '' : ` ${unreadable.length} files or servers could not be looked at.`
  return `No server of this name was seen.${unread} Those that were: upkeep servers.`
}

const tones = { yes: 'green', no: 'red', unknown: 'yellow' } as const
const words = { yes: 'yes', no: 'no', unknown: 'not known' } as const

function mayUseText({ servers, reasons, asked, answer }: Output, style: TerminalStyle): string {
  const all = [...servers, ...(servers.length === 0 ? [{ name: asked, client: null, answer, reasons }] : [])]
  const rows = all.map((one) => ({
    label: words[one.answer],
    tone: tones[one.answer],
    name: one.name,
    lines: [
      ...(one.client === null ? [] : [`in ${one.client}`]),
      ...(one.reasons.length === 0 ? ['It is as approved, and nothing critical is known against it.'] : []),
      ...one.reasons.slice(0, 12).map(({ says }) => says),
      ...(one.reasons.length > 12 ? [`${one.reasons.length - 12} more reasons: --json shows all`] : []),
    ],
    command: null,
  }))
  return `${layRows(rows, style).join('\n')}\n`
}
