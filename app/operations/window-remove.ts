import { MaintenanceWindow, UserError } from '@upkeep/contract'
import { z } from 'zod'
import { CalendarChangeOutput, calendarSteps, changeCalendar } from './calendar-change.ts'
import { defineOperation } from './operation.ts'

/** Takes a window out of `upkeep.yaml`. */
export const windowRemove = defineOperation({
  id: 'window.remove',
  summary: 'take a window out of upkeep.yaml: as a change, with a plan and an undo',
  effect: 'write',
  role: 'operator',
  input: z.strictObject({ name: MaintenanceWindow.shape.name, ...calendarSteps }),
  output: CalendarChangeOutput,
  cli: {
    verb: 'window remove',
    positionals: ['name'],
    listed: 'rest',
    examples: [{ command: 'upkeep window remove "Sunday night"', says: 'shows what would be written, and asks' }],
  },
  async run(context, { name, ...steps }) {
    const was = context.upkeepFile.windows.find((one) => one.name === name)
    if (was === undefined)
      throw new UserError('not-found', `No window is called "${name}".`, 'List them: "upkeep windows".')
    return changeCalendar(context, { list: 'windows', was, to: null }, steps)
  },
})
