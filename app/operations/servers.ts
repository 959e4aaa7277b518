import type { TerminalStyle } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import { stampsOf } from '@upkeep/engine/report/words'
import { z } from 'zod'
import { drawCoverage } from './draw-report.ts'
import { defineOperation } from './operation.ts'
import { CoverageOutput, coverageOutput } from './report-output.ts'

const maxShown = 200

/** Every server under care as it was last seen. */
export const servers = defineOperation({
  id: 'servers',
  summary: 'list every server of every client, and what would run',
  effect: 'read',
  role: 'viewer',
  pages: 'servers',
  input: z.strictObject({ name: z.string().optional().describe('Only servers of this name, or of this client') }),
  output: CoverageOutput,
  cli: {
    verb: 'servers',
    positionals: ['name'],
    listed: 'front',
    examples: [
      { command: 'upkeep servers', says: 'all of them' },
      { command: 'upkeep servers cursor', says: 'of one client' },
      { command: 'upkeep servers --csv', says: 'as a table' },
    ],
  },
  async run(context, { name }) {
    const drawn = await drawCoverage(context)
    const all = coverageOutput(drawn)
    const shown =
      name === undefined ? all.servers : all.servers.filter((one) => one.name === name || one.client === name)
    return {
      output: { ...all, servers: shown },
      text: (style) => serversText(shown, style),
      ...(context.printed && { table: { columns, rows: shown.map(csvRow) } }),
      stamps: stampsOf(drawn),
    }
  },
})

type Server = z.infer<typeof CoverageOutput>['servers'][number]

function serversText(shown: readonly Server[], style: TerminalStyle): string {
  if (shown.length === 0) return 'No such server.\n'
  const left = shown.length - maxShown
  const more = left > 0 ? `\n${left} more are not shown: upkeep servers --csv shows all\n` : ''
  return `${layRows(shown.slice(0, maxShown).map(serverRow), style).join('\n')}\n${more}`
}

function serverRow(server: Server) {
  const runs = server.version === null ? `version not known: ${server.why}` : `${server.version} would run`
  return {
    label: server.strength,
    tone: 'cyan' as const,
    name: server.name,
    lines: [`${server.launches}${server.disabled ? ' (disabled)' : ''}`, runs, `${server.client}: ${server.path}`],
    command: null,
  }
}

const columns = [
  'name',
  'client',
  'scope',
  'transport',
  'strength',
  'launches',
  'version',
  'digest',
  'why',
  'disabled',
  'path',
  'id',
]

function csvRow(one: Server) {
  return [
    one.name,
    one.client,
    one.scope,
    one.transport,
    one.strength,
    one.launches,
    one.version,
    one.digest,
    one.why,
    one.disabled,
    one.path,
    one.id,
  ]
}
