import { stampOf } from '@upkeep/domain/distance'
import { counted, type TerminalStyle } from '@upkeep/engine/report/paint'
import { layBlocks, type Row } from '@upkeep/engine/report/rows'
import type { WindowsOutput } from './windows-output.ts'

const shownDeadlines = 12

/** The calendar for a person: what opens next, what is frozen, what is to be made, what cannot wait for it. */
export function windowsText(output: WindowsOutput, style: TerminalStyle): string {
  const { windows, freezes, scheduled, deadlines, file } = output
  const blocks = [windows.map(windowRow), freezes.map(freezeRow), scheduled.map(scheduledRow), deadlineRows(deadlines)]
  const lines = layBlocks(blocks, style)
  const none =
    windows.length + freezes.length === 0
      ? [
          'No window and no freeze is set: what is approved may be made at any time. Set some in upkeep.yaml: upkeep init',
        ]
      : []
  const written = file === null ? [] : [`Written for calendar programs: ${file}`]
  return `${[...lines, ...(lines.length > 0 && none.length > 0 ? [''] : []), ...none, ...written].join('\n')}\n`
}

function windowRow({ name, zone, servers, capacity, next, skipped }: WindowsOutput['windows'][number]): Row {
  const scope =
    servers === null ? 'for every change' : `for ${servers.slice(0, 5).join(', ')}${servers.length > 5 ? ' …' : ''}`
  const room = capacity === null ? '' : `, ${counted(capacity, 'change')} each`
  return {
    label: 'window',
    tone: next.length === 0 ? 'red' : 'green',
    name,
    lines: [`${scope}${room}, by the clock in ${zone}`, ...timeLines({ next, skipped })],
    command: null,
  }
}

/** When a window opens, line by line, with what its clock skips. */
export function timeLines({ next, skipped }: Pick<WindowsOutput['windows'][number], 'next' | 'skipped'>): string[] {
  return [
    ...next.map(({ wall, from, until }) => `${wall} (${stampOf(from)} to ${until.slice(11, 16)} UTC)`),
    ...(next.length === 0 ? ['It opens on no day of the next year: look at its rule.'] : []),
    ...skipped.map(({ wall }) => `${wall} does not exist: the clock skips that hour, and the window with it`),
  ]
}

function freezeRow({ from, until, why, servers }: WindowsOutput['freezes'][number]): Row {
  const scope = servers === null ? 'no change' : `no change of ${servers.slice(0, 5).join(', ')}`
  return {
    label: 'freeze',
    tone: 'yellow',
    name: why,
    lines: [`${scope} from ${stampOf(from)} to ${stampOf(until)}`],
    command: null,
  }
}

function scheduledRow({ change, title, from, until, window }: WindowsOutput['scheduled'][number]): Row {
  const end = until === null ? '' : ` to ${stampOf(until)}`
  return {
    label: 'scheduled',
    tone: 'cyan',
    name: change.slice(0, 13),
    lines: [title, `${stampOf(from)}${end}${window === null ? '' : ` ("${window}")`}`],
    command: `upkeep changes ${change}`,
  }
}

/** Those that come before the window first: they ask something. */
function deadlineRows(deadlines: WindowsOutput['deadlines']): Row[] {
  const asking = deadlines.filter(({ beforeNext }) => beforeNext)
  const rest = deadlines.filter(({ beforeNext }) => !beforeNext)
  return [...asking, ...rest].slice(0, shownDeadlines).map(({ fingerprint, title, server, due, next, beforeNext }) => ({
    label: 'due',
    tone: beforeNext ? ('red' as const) : ('dim' as const),
    name: server,
    lines: [
      `${stampOf(due)}: ${title}`,
      ...(beforeNext
        ? [
            `${next === null ? 'No window opens within a year' : `The next window is ${stampOf(next)}, after that`}. Is it an emergency?`,
          ]
        : []),
    ],
    command: beforeNext ? `upkeep emergency ${fingerprint.slice(0, 12)}` : null,
  }))
}
