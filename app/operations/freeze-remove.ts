import { Freeze, UserError } from '@upkeep/contract'
import { z } from 'zod'
import { CalendarChangeOutput, calendarSteps, changeCalendar } from './calendar-change.ts'
import { defineOperation } from './operation.ts'

/** Takes a freeze out of `upkeep.yaml`. */
export const freezeRemove = defineOperation({
  id: 'freeze.remove',
  summary: 'take a freeze out of upkeep.yaml: as a change, with a plan and an undo',
  effect: 'write',
  role: 'operator',
  input: z.strictObject({ why: Freeze.shape.why, ...calendarSteps }),
  output: CalendarChangeOutput,
  cli: {
    verb: 'freeze remove',
    positionals: ['why'],
    listed: 'rest',
    examples: [{ command: 'upkeep freeze remove holidays', says: 'shows what would be written, and asks' }],
  },
  async run(context, { why, ...steps }) {
    const was = context.upkeepFile.freezes.find((one) => one.why === why)
    if (was === undefined)
      throw new UserError('not-found', `No freeze is there for "${why}".`, 'List them: "upkeep windows".')
    return changeCalendar(context, { list: 'freezes', was, to: null }, steps)
  },
})
