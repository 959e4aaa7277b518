import { plain, type TerminalStyle } from '@upkeep/engine/report/paint'
import { z } from 'zod'
import type { Context } from './context.ts'
import { defineOperation } from './operation.ts'
import { removeSchedule, runCommands, writeSchedule } from './schedule-apply.ts'
import { type SchedulePlan, schedulePlan } from './schedule-files.ts'

const Output = z.strictObject({
  scheduler: z.enum(['systemd', 'launchd', 'task-scheduler']),
  tested: z.boolean(),
  applied: z.boolean(),
  files: z.array(z.strictObject({ path: z.string(), text: z.string() })),
  commands: z.array(z.string()),
  /** The command of the scheduler that failed, or was left to the user. */
  left: z.array(z.string()),
})
type Output = z.infer<typeof Output>

const yes = z.boolean().default(false).describe('Do it; without this it is only shown')

/** Lets the system's own scheduler start upkeep. */
export const scheduleOn = defineOperation({
  id: 'schedule.on',
  summary: 'let the system start upkeep; shown first',
  effect: 'write',
  role: 'operator',
  at: 'terminal',
  input: z.strictObject({ yes }),
  output: Output,
  cli: {
    verb: 'schedule on',
    positionals: [],
    listed: 'rest',
    examples: [
      { command: 'upkeep schedule on', says: 'show what would be written' },
      { command: 'upkeep schedule on --yes', says: 'write it and start the timer' },
    ],
  },
  async run(context, input) {
    const plan = planFor(context)
    if (input.yes) await writeSchedule(plan)
    const left = input.yes ? await start(plan, plan.start) : plan.start.map(joined)
    const output = { ...shape(plan), applied: input.yes, commands: plan.start.map(joined), left }
    return { output, text: (style) => onText(output, style) }
  },
})

/** Takes it back. */
export const scheduleOff = defineOperation({
  id: 'schedule.off',
  summary: 'remove what "schedule on" made',
  effect: 'write',
  role: 'operator',
  at: 'terminal',
  input: z.strictObject({ yes }),
  output: Output,
  cli: {
    verb: 'schedule off',
    positionals: [],
    listed: 'rest',
    examples: [{ command: 'upkeep schedule off --yes', says: 'stop the timer and remove its files' }],
  },
  async run(context, input) {
    const plan = planFor(context)
    const [first, ...rest] = plan.stop
    const before = first === undefined ? [] : [first]
    const stopped = input.yes ? await start(plan, before) : plan.stop.map(joined)
    const removed = input.yes ? await removeSchedule(plan) : []
    const after = input.yes ? await start(plan, rest) : []
    const output = {
      ...shape(plan),
      applied: input.yes,
      commands: plan.stop.map(joined),
      left: [...stopped, ...after],
    }
    return {
      output,
      text: (style) =>
        input.yes
          ? `${removed.map((path) => `${plain(style, path, 1_000)} removed\n`).join('') || 'There was nothing of ours to remove.\n'}${leftText(output, style)}`
          : `Would remove:\n${plan.files.map(({ path }) => `  ${plain(style, path, 1_000)}\n`).join('')}Do it: upkeep schedule off --yes\n`,
    }
  },
})

function planFor(context: Context): SchedulePlan {
  return schedulePlan({ ...context.machine, config: context.upkeepFilePath, stateDir: context.stateDir })
}

/** Only commands that were tried on a real system are run; others are left to the person who has one. */
async function start(plan: SchedulePlan, commands: readonly (readonly string[])[]): Promise<string[]> {
  if (!plan.tested) return commands.map(joined)
  const done = await runCommands(commands)
  return done.ok ? [] : [done.failed]
}

function shape(plan: SchedulePlan): Pick<Output, 'scheduler' | 'tested' | 'files'> {
  return { scheduler: plan.scheduler, tested: plan.tested, files: plan.files.map((file) => ({ ...file })) }
}

function onText(output: Output, style: TerminalStyle): string {
  const files = output.files.map(({ path, text }) =>
    output.applied
      ? `${plain(style, path, 1_000)} written\n`
      : `${plain(style, path, 1_000)}\n${text
          .trimEnd()
          .split('\n')
          .map((line) => `  ${plain(style, line, 1_000)}\n`)
          .join('')}\n`,
  )
  const untested = output.tested ? '' : `Untested on this system (${output.scheduler}).\n`
  const next = output.applied ? leftText(output, style) : 'Nothing was written. Do it: upkeep schedule on --yes\n'
  return `${files.join('')}${untested}${next}`
}

function leftText({ left, applied }: Output, style: TerminalStyle): string {
  if (!applied || left.length === 0) return ''
  return `Still to be run by you:\n${left.map((one) => `  ${plain(style, one, 1_000)}\n`).join('')}`
}

function joined(words: readonly string[]): string {
  return words.join(' ')
}
