import type { Facts, Observation } from '@upkeep/contract'
import { ago, stampOf } from '@upkeep/domain/distance'
import type { TerminalStyle } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import { stampsOf } from '@upkeep/engine/report/words'
import { observationsOf } from '@upkeep/engine/store/stored-observations'
import { z } from 'zod'
import { blastRadius, isBehind } from './blast-radius.ts'
import type { Context } from './context.ts'
import { columns, csvRow, rowOf, titleOf } from './integration-rows.ts'
import { type IntegrationEntry, IntegrationsOutput } from './integrations-output.ts'
import { defineOperation } from './operation.ts'

/** The register of what each server is bound to; with a vendor, everything that is in reach when that vendor is breached. */
export const integrations = defineOperation({
  id: 'integrations',
  summary: 'list the third parties behind every server, and what each one could reach',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({
    server: z.string().min(1).max(1_000).optional().describe('Only the entries of this name'),
    vendor: z
      .string()
      .min(1)
      .max(253)
      .optional()
      .describe('Only what is in reach of this vendor, by its id or by a host'),
  }),
  output: IntegrationsOutput,
  cli: {
    verb: 'integrations',
    positionals: [],
    listed: 'rest',
    examples: [
      { command: 'upkeep integrations', says: 'every server, its vendors and its credentials' },
      { command: 'upkeep integrations --vendor github', says: 'what to cut off when this vendor is breached' },
      { command: 'upkeep integrations --csv', says: 'the register as a table' },
    ],
  },
  async run(context, { vendor, server }) {
    const register = await readRegister(context)
    const shown = register.entries.filter(
      (one) => (server === undefined || one.name === server) && (vendor === undefined || isBehind(one, vendor)),
    )
    const output = {
      seenAt: register.seenAt,
      servers: shown,
      notRead: register.notRead,
      radius: vendor === undefined ? null : blastRadius(vendor, register.entries),
    }
    const heading = titleOf(output, ago(register.seenAt, context.clock.now()), stampOf(register.seenAt))
    return {
      output,
      text: (style) => registerText(output, heading, style),
      table: { columns, rows: shown.flatMap(csvRow) },
      stamps: stampsOf({ practice: context.practice, simulatedClock: register.simulatedClock }),
    }
  },
})

interface Register {
  seenAt: string
  simulatedClock: boolean
  entries: IntegrationEntry[]
  notRead: { name: string; reason: string }[]
}

/** What must be read for the register to be whole. */
const looked = new Set(['client-config', 'declared-server', 'integrations'])

/** As the duty saw it last; where it has not run, as it is to be seen now. */
async function readRegister(context: Context): Promise<Register> {
  const store = await context.existingStore()
  const run = store === null ? null : await store.runs.latestCompleted('integration-security')
  if (store !== null && run !== null)
    return registerOf(await observationsOf(store, run), {
      seenAt: run.startedAt,
      simulatedClock: run.clock === 'simulated',
    })
  const seen = await context.acts.look(['integrations'])
  return registerOf(seen, { seenAt: context.clock.now(), simulatedClock: context.clock.kind === 'simulated' })
}

function registerOf(observations: readonly Observation[], when: Pick<Register, 'seenAt' | 'simulatedClock'>): Register {
  const known = new Map<string, Facts<'credential-history'>>()
  for (const one of observations) {
    if (one.kind === 'credential-history' && one.state === 'seen') known.set(one.subject.id, one.facts)
  }
  const register: Register = { ...when, entries: [], notRead: [] }
  for (const one of observations) {
    if (!looked.has(one.kind)) continue
    if (one.state === 'unavailable') register.notRead.push({ name: one.subject.name, reason: one.reason })
    else if (one.kind === 'integrations' && one.state === 'seen')
      register.entries.push(entryOf(one.subject.id, one.facts, known.get(one.subject.id)))
  }
  return register
}

function entryOf(
  id: string,
  { shared, ...facts }: Facts<'integrations'>,
  history: Facts<'credential-history'> | undefined,
): IntegrationEntry {
  const credentials = facts.credentials.map(({ fingerprint, ...one }) => {
    const age = history?.credentials.find((each) => each.fingerprint === fingerprint)
    const others = shared.find((each) => each.fingerprint === fingerprint)?.others ?? []
    return {
      ...one,
      sameSince: age?.firstSeenAt ?? null,
      beganThen: age?.beganWithinHistory ?? false,
      alsoIn: others.map(({ name, client }) => `${name} (${client})`),
    }
  })
  return { id, ...facts, credentials }
}

const maxShown = 200

function registerText(
  { servers, notRead }: z.input<typeof IntegrationsOutput>,
  heading: readonly string[],
  style: TerminalStyle,
): string {
  const rows = [
    ...servers.slice(0, maxShown).map(rowOf),
    ...notRead.slice(0, maxShown).map(({ name, reason }) => ({
      label: 'could not look',
      tone: 'yellow' as const,
      name,
      lines: [reason],
      command: null,
    })),
  ]
  const left = servers.length + notRead.length - rows.length
  const more = left > 0 ? `\n${left} more are not shown: upkeep integrations --csv shows all\n` : ''
  const list = rows.length === 0 ? '' : `\n${layRows(rows, style).join('\n')}\n`
  return `${heading.join('\n')}\n${list}${more}`
}
