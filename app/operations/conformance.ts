import { type Observation, UserError } from '@upkeep/contract'
import type { McpLook } from '@upkeep/contract/ports'
import { createMcpPort } from '@upkeep/engine/ports/mcp'
import { plain, type TerminalStyle } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import { observationsOf } from '@upkeep/engine/store/stored-observations'
import { z } from 'zod'
import { findSuite, suitePackage } from '../conformance/find-suite.ts'
import { runScenario } from '../conformance/run-scenario.ts'
import { forItsOwnServer, type Scenario, scenarios, whyNot, whyNotScenario } from '../conformance/scenarios.ts'
import { sheetsIn } from './api-sheets.ts'
import type { Context } from './context.ts'
import { defineOperation } from './operation.ts'
import { isOfVendor, type NamedRemote, remoteNamed } from './remote-named.ts'

const ConformanceOutput = z.strictObject({
  name: z.string(),
  url: z.string(),
  suite: z.strictObject({ name: z.string(), version: z.string() }),
  /** Why the suite has nothing to say of this server; null where it has. */
  notApplicable: z.string().nullable(),
  rows: z.array(
    z.strictObject({
      scenario: z.string(),
      result: z.enum(['passed', 'failed', 'warned', 'unknown', 'not-applicable']),
      detail: z.string(),
      /** What our own sheet says of the same; null where no requirement of ours asks it. */
      ours: z.strictObject({ requirement: z.string(), outcome: z.string(), agrees: z.boolean().nullable() }).nullable(),
    }),
  ),
  /** Scenarios that only the suite's own test server can pass. */
  forItsOwnServer: z.int(),
})
type Row = z.infer<typeof ConformanceOutput>['rows'][number]

/** Runs the official conformance suite against a server of one's own, and shows its result beside ours. */
export const conformance = defineOperation({
  id: 'conformance',
  summary: 'run the official MCP conformance suite against a listed server, and show its result beside ours',
  effect: 'write',
  role: 'operator',
  at: 'terminal',
  input: z.strictObject({
    server: z.string().min(1).describe('The server, by name, id or address; it must stand under probe in upkeep.yaml'),
    suite: z.string().min(1).optional().meta({
      description: 'The folder in which the suite is installed, if not beside upkeep',
      valueName: 'folder',
      local: true,
    }),
  }),
  output: ConformanceOutput,
  cli: {
    verb: 'conformance',
    positionals: ['server'],
    listed: 'rest',
    examples: [
      { command: 'upkeep conformance crm', says: 'what the suite says, and what our own sheet says of the same' },
    ],
  },
  async run(context, { server, suite }) {
    const remote = await remoteNamed(context, server)
    await mustBeOwn(context, remote)
    const script = findSuite(suite)
    const look = await createMcpPort().look({ url: remote.url, headers: {}, timeoutMs: 15_000, maxBytes: 8 << 20 })
    const reason = look.state === 'unavailable' ? `it does not answer: ${look.reason}` : whyNot(look)
    const ours = await ourSheet(context, remote)
    const rows =
      look.state === 'unavailable' || reason !== null
        ? []
        : await rowsOf(context, { script, look, url: remote.url, ours })
    const output = { ...remote, suite: suitePackage, notApplicable: reason, rows, forItsOwnServer }
    return { output, text: (style) => conformanceText(output, style), ...outcomeOf(rows) }
  },
})

/** A few at a time: the suite is no load, and starting it takes longer than what it asks. */
const lanes = 3

interface Suited {
  script: string
  url: string
  look: McpLook
  ours: ReadonlyMap<string, string>
}

async function rowsOf(context: Context, suited: Suited): Promise<Row[]> {
  const rows: Row[] = []
  context.progress('running the conformance suite')
  for (let at = 0; at < scenarios.length; at += lanes) {
    rows.push(...(await Promise.all(scenarios.slice(at, at + lanes).map((one) => rowOf(context, suited, one)))))
  }
  return rows
}

async function rowOf(
  { machine, signal }: Context,
  { script, url, look, ours }: Suited,
  scenario: Scenario,
): Promise<Row> {
  const skipped = whyNotScenario(scenario, url, look)
  const { result, detail } =
    skipped === null
      ? await runScenario({ script, url, scenario: scenario.id, nodePath: machine.nodePath, signal })
      : { result: 'not-applicable' as const, detail: skipped }
  return { scenario: scenario.id, result, detail, ours: beside(scenario, result, ours) }
}

/** The suite sends forged headers: as with our own probes, the owner must have listed the server, and it must not be a vendor's. */
async function mustBeOwn(context: Context, { name, url }: NamedRemote): Promise<void> {
  if (await isOfVendor(context, url))
    throw new UserError(
      'not-consented',
      `"${name}" belongs to a vendor: it is read, and never tried.`,
      'Ask the vendor.',
    )
  if (!context.upkeepFile.probe.some((one) => one.url === url))
    throw new UserError(
      'not-consented',
      `"${name}" is not listed: the suite sends requests that a server should refuse.`,
      'If it is yours, list its address under probe in upkeep.yaml.',
    )
}

/** Our own outcomes for this server, by requirement, as they were last seen. */
async function ourSheet(context: Context, { name, url }: NamedRemote): Promise<ReadonlyMap<string, string>> {
  const store = await context.existingStore()
  const run = store === null ? null : await store.runs.latestCompleted('api-security-updates')
  const seen: readonly Observation[] = store === null || run === null ? [] : await observationsOf(store, run)
  const sheet = sheetsIn(seen).sheets.find((one) => one.subject.name === name || one.url === url)
  return new Map(sheet?.lines.map(({ requirement, outcome }) => [requirement.id, outcome]) ?? [])
}

function beside({ requirement }: Scenario, result: Row['result'], ours: ReadonlyMap<string, string>): Row['ours'] {
  if (requirement === null) return null
  const outcome = ours.get(requirement) ?? 'not looked at yet'
  const comparable = ['passed', 'failed'].includes(result) && ['met', 'not-met'].includes(outcome)
  return { requirement, outcome, agrees: comparable ? (result === 'passed') === (outcome === 'met') : null }
}

function outcomeOf(rows: readonly Row[]): { outcome?: 'findings' | 'not-evaluated' } {
  if (rows.some(({ result }) => result === 'failed')) return { outcome: 'findings' }
  const isOpen = rows.length === 0 || rows.some(({ result }) => result === 'unknown')
  return isOpen ? { outcome: 'not-evaluated' } : {}
}

const tones = { passed: 'green', failed: 'red', warned: 'yellow', unknown: 'yellow', 'not-applicable': 'dim' } as const

function conformanceText(output: z.infer<typeof ConformanceOutput>, style: TerminalStyle): string {
  const { name, url, suite, notApplicable, rows } = output
  const head = `${name} (${url}), by ${suite.name} ${suite.version}`
  if (notApplicable !== null) return `${plain(style, head, 500)}\nNot available: ${plain(style, notApplicable, 300)}.\n`
  const shown = layRows(
    rows.map(({ scenario, result, detail, ours }) => ({
      label: result === 'not-applicable' ? 'not run' : result,
      tone: tones[result],
      name: scenario,
      lines: [detail, ...(ours === null ? [] : [oursInWords(ours)])],
      command: null,
    })),
    style,
  )
  const rest = `${output.forItsOwnServer} more scenarios need the suite's own test server: run on any other they say nothing.`
  return `${plain(style, head, 500)}\n\n${shown.join('\n')}\n\n${rest}\n`
}

function oursInWords({ requirement, outcome, agrees }: NonNullable<Row['ours']>): string {
  const compared = agrees === null ? '' : agrees ? ': both say the same' : ': the two differ'
  return `ours: ${requirement} ${outcome.replace('-', ' ')}${compared}`
}
