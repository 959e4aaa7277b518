import { type Instant, MaintenanceWindow } from '@upkeep/contract'
import { skippedOccurrences, windowOccurrences } from '@upkeep/domain/calendar/window-occurrences'
import { z } from 'zod'
import { defineOperation } from './operation.ts'
import { checkedWindow } from './window-set.ts'
import { WindowsOutput } from './windows-output.ts'
import { timeLines } from './windows-text.ts'

const yearMs = 366 * 86_400_000
const { rrule, at, zone, duration, first } = MaintenanceWindow.shape
const { next, skipped } = WindowsOutput.shape.windows.element.shape

const Output = z.strictObject({ next, skipped })

/** When a window would open that is not declared yet. */
export const windowTimes = defineOperation({
  id: 'window.times',
  summary: 'when a window would open: the next times by the clock of its zone, and the hours that this clock skips',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({
    rrule,
    at,
    zone,
    duration,
    first,
    count: z.int().min(1).max(50).default(6).describe('How many of the next times'),
  }),
  output: Output,
  cli: {
    verb: 'window times',
    positionals: ['rrule'],
    listed: 'rest',
    examples: [
      {
        command: 'upkeep window times "FREQ=MONTHLY;BYDAY=1SU" --at 02:30 --zone Europe/Berlin --duration PT2H',
        says: 'before it is declared',
      },
    ],
  },
  async run(context, { count, ...rule }) {
    const output = timesOf(checkedWindow({ name: 'this window', ...rule }), context.clock.now(), count)
    return { output, text: () => `${timeLines(output).join('\n')}\n` }
  },
})

/** The next times of a window within a year, and the hours of that year that its clock skips. */
export function timesOf(window: MaintenanceWindow, now: Instant, count: number): z.infer<typeof Output> {
  const inAYear = new Date(Date.parse(now) + yearMs).toISOString()
  return {
    next: windowOccurrences(window, now, inAYear).slice(0, count),
    skipped: skippedOccurrences(window, now, inAYear),
  }
}
