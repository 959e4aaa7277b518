import { lstatSync } from 'node:fs'
import { ago } from '@upkeep/domain/distance'
import type { TerminalStyle } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import type { Store } from '@upkeep/engine/store/store'
import { z } from 'zod'
import type { Context } from './context.ts'
import { Line, type OwnLine } from './doctor-line.ts'
import { lookedAt } from './doctor-places.ts'
import { sandboxLines } from './doctor-sandbox.ts'
import { defineOperation } from './operation.ts'
import { ownerOf } from './schedule-apply.ts'
import { schedulePlan } from './schedule-files.ts'

/** What is looked up where, and why. */
export const doctor = defineOperation({
  id: 'doctor',
  summary: 'what is looked up where, and why',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({
    sandbox: z.boolean().default(false).describe('try to get out of each sandbox at hand, and say what held'),
  }),
  output: z.strictObject({ lines: z.array(Line) }),
  cli: {
    verb: 'doctor',
    positionals: [],
    listed: 'front',
    examples: [
      { command: 'upkeep doctor', says: 'when something is not found' },
      { command: 'upkeep doctor --sandbox', says: 'before servers are run in isolation' },
    ],
  },
  async run(context, { sandbox }) {
    if (!sandbox) return answerOf(await lookedUp(context))
    const lines = await triedSandbox(context)
    const outcome = outcomeOf(lines)
    return { ...answerOf(lines), ...(outcome === undefined ? {} : { outcome }) }
  },
})

/** What held when each sandbox at hand was tried; nothing is looked up then. */
async function triedSandbox(context: Context): Promise<Line[]> {
  return (await sandboxLines(context)).map((line) => ({ kind: 'sandbox', ...line }))
}

/** A pipeline is told by the exit code: something got out, or there was nothing to try. */
function outcomeOf(lines: readonly Line[]): 'findings' | 'not-evaluated' | undefined {
  if (lines.some(({ detail }) => detail.startsWith('NOT HELD'))) return 'findings'
  return lines.some(({ state }) => state === 'attention') ? 'not-evaluated' : undefined
}

async function lookedUp(context: Context): Promise<Line[]> {
  const store = await context.existingStore()
  const own = [...foundation(context), ...(await stateLines(context, store)), await schedulerLine(context)]
  const places = await lookedAt(context, store)
  return [
    ...own.map((line) => ({ kind: 'own' as const, ...line })),
    ...places.map((line) => ({ kind: 'place' as const, ...line })),
  ]
}

function answerOf(lines: Line[]) {
  return {
    output: { lines },
    text: (style: TerminalStyle) => {
      const shown = style.verbose ? lines : lines.filter((line) => line.state !== 'not there' || line.kind !== 'place')
      const left = lines.length - shown.length
      const rows = shown.map((line) => ({
        label: line.state,
        tone: line.state === 'attention' ? ('yellow' as const) : ('dim' as const),
        name: line.about,
        lines: [line.detail, line.why].filter((text) => text !== ''),
        command: null,
      }))
      const more = left === 0 ? '' : `\n${left} more places were looked at and hold nothing: upkeep doctor --verbose\n`
      return `${layRows(rows, style).join('\n')}\n${more}`
    },
    table: {
      columns: ['about', 'state', 'detail', 'why'],
      rows: lines.map((line) => [line.about, line.state, line.detail, line.why]),
    },
  }
}

function foundation(context: Context): OwnLine[] {
  const adopted = context.duties.filter((duty) => duty.adopted).length
  const file = context.upkeepFilePath
  return [
    {
      about: 'upkeep',
      state: 'fine',
      detail: `${context.version} on Node.js ${process.versions.node}, ${context.machine.platform}`,
      why: context.machine.platform === 'linux' ? '' : 'paths of this system are read, and untested',
    },
    {
      about: 'upkeep.yaml',
      state: file === null ? 'not there' : 'fine',
      detail: file ?? 'none found: not needed',
      why: file === null ? 'upkeep init writes one' : 'read in full; an unknown key would be an error',
    },
    {
      about: 'profile',
      state: 'fine',
      detail: `${context.profile}: ${adopted} of ${context.duties.length} duties adopted`,
      why: `from ${context.profileFrom}`,
    },
  ]
}

async function stateLines(context: Context, store: Store | null): Promise<OwnLine[]> {
  const why = 'records, ledger and keys; from UPKEEP_HOME, else the place of this system for state'
  const facts = lstatSync(context.stateDir, { throwIfNoEntry: false })
  if (store === null || facts === undefined)
    return [{ about: 'state', state: 'not there', detail: `${context.stateDir}: made by the first scan`, why }]
  const open = (facts.mode & 0o077) !== 0 && context.machine.platform !== 'win32'
  const checkpoint = await store.checkpoints.latest()
  const size = await store.ledger.size()
  const running = await store.rounds.running()
  const sealed =
    checkpoint === null ? 'nothing sealed' : `${size} entries, sealed ${ago(checkpoint.at, context.clock.now())}`
  return [
    {
      about: 'state',
      state: open ? 'attention' : 'fine',
      detail: `${context.stateDir} (${store.kind}${open ? ', open to others' : ''})`,
      why,
    },
    { about: 'ledger', state: 'fine', detail: sealed, why: 'upkeep verify checks it' },
    {
      about: 'rounds',
      state: 'fine',
      detail:
        running.length === 0 ? 'none is running' : `process ${running.map((one) => one.pid).join(', ')} is running one`,
      why: '',
    },
  ]
}

async function schedulerLine(context: Context): Promise<OwnLine> {
  const about = 'schedule'
  try {
    const plan = schedulePlan({ ...context.machine, config: context.upkeepFilePath, stateDir: context.stateDir })
    const owners = await Promise.all(plan.files.map(({ path }) => ownerOf(path)))
    if (owners.includes('foreign'))
      return {
        about,
        state: 'attention',
        detail: 'a file of that name is not ours',
        why: plan.files.map((one) => one.path).join(', '),
      }
    const on = owners.every((owner) => owner === 'ours')
    return {
      about,
      state: on ? 'fine' : 'not there',
      detail: `${plan.scheduler}: ${on ? 'on' : 'off'}`,
      why: on ? '' : 'upkeep schedule on',
    }
  } catch {
    return { about, state: 'not there', detail: 'no scheduler is known for this system', why: 'upkeep daemon' }
  }
}
