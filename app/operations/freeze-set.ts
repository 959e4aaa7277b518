import { Freeze, UserError } from '@upkeep/contract'
import { z } from 'zod'
import { CalendarChangeOutput, calendarSteps, changeCalendar } from './calendar-change.ts'
import { defineOperation } from './operation.ts'

const { from, until, why, servers } = Freeze.shape

/** Declares a freeze, or declares that of the same reason otherwise. */
export const freezeSet = defineOperation({
  id: 'freeze.set',
  summary:
    'declare in upkeep.yaml when nothing is changed, or declare it otherwise: as a change, with a plan and an undo',
  effect: 'write',
  role: 'operator',
  input: z.strictObject({
    why,
    from,
    until,
    servers: servers.meta({ description: 'For which servers; left out, for all', valueName: 'name' }),
    ...calendarSteps,
  }),
  output: CalendarChangeOutput,
  cli: {
    verb: 'freeze set',
    positionals: ['why'],
    listed: 'rest',
    examples: [
      {
        command: 'upkeep freeze set holidays --from 2026-12-20T00:00:00+01:00 --until 2027-01-04T00:00:00+01:00',
        says: 'shows what would be written, asks, and writes it',
      },
    ],
  },
  async run(context, { plan, propose, reason, key, ...to }) {
    if (Date.parse(to.from) >= Date.parse(to.until))
      throw new UserError('bad-input', 'until: it ends before it begins.', 'Give a later end.')
    const was = context.upkeepFile.freezes.find((one) => one.why === to.why) ?? null
    return changeCalendar(context, { list: 'freezes', was, to }, { plan, propose, reason, key })
  },
})
