import type { EndpointAttacks } from '@upkeep/contract/observations/endpoint-attacks'
import type { ServerProbeResult } from '@upkeep/contract/observations/server-probes'
import { printable } from '@upkeep/domain/printable'
import { shellWord } from '@upkeep/domain/shell-word'
import type { TerminalStyle } from '@upkeep/engine/report/paint'
import { layBlocks, type Row } from '@upkeep/engine/report/rows'
import type { ProveOutput } from './prove-output.ts'

const words = {
  broken: { label: 'ESCAPED', tone: 'red' },
  held: { label: 'BLOCKED', tone: 'green' },
  inconclusive: { label: 'unknown', tone: 'yellow' },
  'not-applicable': { label: 'n/a', tone: 'cyan' },
} as const
const maxQuoted = 300

/** What was tried and what came of it, worst first, with what was said where it is asked for. */
export function proofText({ servers }: ProveOutput, transcript: boolean, style: TerminalStyle): string {
  const blocks = servers.map(({ subject, proven, endpoint, reason }) =>
    proven === null && endpoint === null
      ? [{ label: 'unknown', tone: 'yellow' as const, name: subject.name, lines: [reason], command: null }]
      : [
          ...rows(subject.name, [...(proven?.results ?? []), ...(endpoint?.results ?? [])], transcript),
          ...(proven === null ? [] : [where(subject.name, proven)]),
          ...(endpoint === null ? [] : [over(subject.name, endpoint)]),
        ],
  )
  return `${layBlocks(blocks, style).join('\n')}\n`
}

function rows(name: string, results: readonly ServerProbeResult[], transcript: boolean): Row[] {
  return [
    ...results
      .filter((one) => transcript || !isQuiet(one))
      .sort((a, b) => rank(a) - rank(b))
      .map((one) => row(name, one, transcript)),
    ...quietRow(name, transcript ? [] : results.filter(isQuiet)),
  ]
}

/** Attacks on controls that were stopped, or had nothing to work on, are counted in one line: with the transcript each has its own. */
function isQuiet({ tries, outcome }: ServerProbeResult): boolean {
  return tries.kind === 'control' && (outcome === 'held' || outcome === 'not-applicable')
}

function quietRow(name: string, quiet: readonly ServerProbeResult[]): Row[] {
  if (quiet.length === 0) return []
  const held = quiet.filter(({ outcome }) => outcome === 'held').length
  const line = `${held} attacks on controls; ${quiet.length - held} more had nothing to work on`
  return [{ ...words.held, name, lines: [line], command: `upkeep prove ${shellWord(name)} --transcript` }]
}

function row(name: string, result: ServerProbeResult, transcript: boolean): Row {
  const { label, tone } = words[result.outcome]
  const ids = result.tries.kind === 'weakness' ? result.tries.ids.join(', ') : result.tries.control
  const said = result.transcript.flatMap(({ sent, received }) => [`> ${quoted(sent)}`, `< ${quoted(received)}`])
  return {
    label,
    tone,
    name,
    lines: [result.title, `${ids} · ${quoted(result.detail)}`, ...(transcript ? said : [])],
    command: result.outcome === 'broken' ? `upkeep findings ${shellWord(name)}` : null,
  }
}

function where(name: string, { backend, bytes, standIns }: NonNullable<ProveOutput['servers'][number]['proven']>): Row {
  const instead = standIns.length === 0 ? 'no secret was asked for' : `a stand-in for ${standIns.join(', ')}`
  return {
    label: 'in',
    tone: 'cyan',
    name,
    lines: [`${backend.id} ${backend.version}, without network; bytes ${bytes.slice(0, 16)}; ${instead}`],
    command: null,
  }
}

function over(name: string, { url, results }: EndpointAttacks): Row {
  const lines = [
    `${printable(url, { maxLength: maxQuoted })}, over HTTP: ${results.length} attacks, none of which calls a tool`,
  ]
  return { label: 'at', tone: 'cyan', name, lines, command: null }
}

function rank({ outcome }: ServerProbeResult): number {
  return ['broken', 'inconclusive', 'held', 'not-applicable'].indexOf(outcome)
}

function quoted(text: string): string {
  return printable(text, { maxLength: maxQuoted })
}
