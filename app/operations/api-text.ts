import { clockState } from '@upkeep/domain/api-security/clock-words'
import { ago, stampOf } from '@upkeep/domain/distance'
import type { CsvValue } from '@upkeep/engine/report/csv'
import { counted, plain, type TerminalStyle } from '@upkeep/engine/report/paint'
import { layRows, type Row } from '@upkeep/engine/report/rows'
import type { ApiOutput } from './api-output.ts'

type Server = ApiOutput['servers'][number]
type Line = Server['lines'][number]

const words = { met: 'met', 'not-met': 'not met', 'not-applicable': 'not asked', undetermined: 'unknown' } as const
const tones = { met: 'green', 'not-met': 'red', 'not-applicable': 'dim', undetermined: 'yellow' } as const
const order = ['not-met', 'undetermined', 'met', 'not-applicable'] as const

/** The sheets for a terminal: first what changed, then what is open, then what is met. */
export function apiText(output: ApiOutput, now: string, style: TerminalStyle): string {
  const { servers, seenAt, before, requirements } = output
  const edition = requirements === null ? '' : `, by ${requirements.id} ${requirements.version} of ${requirements.date}`
  const since = before === null ? 'there is no earlier sheet' : `compared with ${stampOf(before.seenAt)}`
  const head = `${counted(servers.length, 'remote server')}, looked at ${ago(seenAt, now)} (${stampOf(seenAt)})${edition}; ${since}`
  return [plain(style, head, 500), ...servers.map((server) => serverText(server, now, style))].join('\n\n').concat('\n')
}

function serverText(server: Server, now: string, style: TerminalStyle): string {
  const { subject, url, lines } = server
  const count = order.map((outcome) => `${lines.filter((line) => line.outcome === outcome).length} ${words[outcome]}`)
  const head = `${plain(style, subject.name, 200)}  ${plain(style, url ?? '', 500)}\n${count.join(', ')}`
  const sorted = order.flatMap((outcome) => lines.filter((line) => line.outcome === outcome))
  const rows = sorted.map((line) => lineRow(line, now))
  return [head, changesText(server, style), layRows(rows, style).join('\n')].join('\n')
}

function changesText({ compared, changes, metadata }: Server, style: TerminalStyle): string {
  if (!compared) return 'no earlier sheet of it to compare with'
  const said = [
    ...changes.map(({ requirement, level, from, to, regression, detail }) => {
      const step = `${from === null ? 'new' : words[from]} -> ${to === null ? 'no longer asked' : words[to]}`
      return `${regression ? 'regression: ' : ''}${requirement} (${level}): ${step}: ${detail}`
    }),
    ...metadata.map(({ what, from, to }) => `published: ${what}: ${from} -> ${to}`),
  ]
  if (said.length === 0) return 'nothing changed since'
  return ['changed since:', ...said.map((line) => `  ${plain(style, line, 500)}`)].join('\n')
}

function lineRow({ requirement, level, title, outcome, detail, cites, clock }: Line, now: string): Row {
  const clocked = clock === null ? [] : [clockState(clock, now).words]
  const isOpen = outcome === 'not-met' || outcome === 'undetermined'
  return {
    label: words[outcome],
    tone: tones[outcome],
    name: requirement,
    lines: [`${level}: ${title}: ${detail}`, ...clocked, ...(isOpen ? [cites] : [])],
    command: null,
  }
}

export const apiColumns = [
  'server',
  'url',
  'requirement',
  'level',
  'outcome',
  'was',
  'detail',
  'cites',
  'removable_from',
]

/** One row for each requirement of each server; `was` is empty where nothing changed. */
export function apiRows({ servers }: ApiOutput): CsvValue[][] {
  return servers.flatMap(({ subject, url, lines, changes }) =>
    lines.map(({ requirement, level, outcome, detail, cites, clock }) => {
      const was = changes.find((one) => one.requirement === requirement)?.from ?? ''
      return [subject.name, url ?? '', requirement, level, outcome, was, detail, cites, clock?.removableFrom ?? '']
    }),
  )
}
