import { MaintenanceWindow, UserError } from '@upkeep/contract'
import { z } from 'zod'
import { CalendarChangeOutput, calendarSteps, changeCalendar } from './calendar-change.ts'
import { defineOperation } from './operation.ts'

const { name, rrule, at, zone, duration, first, servers, capacity } = MaintenanceWindow.shape

/** Declares a window, or declares it otherwise. What is left out is not set. */
export const windowSet = defineOperation({
  id: 'window.set',
  summary: 'declare a window in upkeep.yaml, or declare it otherwise: as a change, with a plan and an undo',
  effect: 'write',
  role: 'operator',
  input: z.strictObject({
    name,
    rrule,
    at,
    zone,
    duration,
    first,
    servers: servers.meta({ description: 'For which servers; left out, for every change', valueName: 'name' }),
    capacity,
    ...calendarSteps,
  }),
  output: CalendarChangeOutput,
  cli: {
    verb: 'window set',
    positionals: ['name'],
    listed: 'rest',
    examples: [
      {
        command:
          'upkeep window set "Sunday night" --rrule "FREQ=WEEKLY;BYDAY=SU" --at 02:00 --zone Europe/Berlin --duration PT2H',
        says: 'shows what would be written, asks, and writes it',
      },
    ],
  },
  async run(context, { plan, propose, reason, key, ...given }) {
    const to = checkedWindow(given)
    const was = context.upkeepFile.windows.find((one) => one.name === to.name) ?? null
    return changeCalendar(context, { list: 'windows', was, to }, { plan, propose, reason, key })
  },
})

/** What the rule as a whole has to hold, beside its parts. Throws `bad-input` with what does not fit. */
export function checkedWindow(given: unknown): MaintenanceWindow {
  const parsed = MaintenanceWindow.safeParse(given)
  if (parsed.success) return parsed.data
  const [first] = parsed.error.issues
  throw new UserError(
    'bad-input',
    `${first?.path.map(String).join('.') ?? ''}: ${first?.message ?? 'not valid'}.`,
    'See docs/changes.md for what a window takes.',
  )
}
