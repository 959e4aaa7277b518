import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '@upkeep/contract'
import { stateDirFor } from '@upkeep/engine/kernel/state-dir'
import { readUpkeepFile } from '@upkeep/engine/kernel/upkeep-file'
import { type Composed, type ComposeRequest, compose, findUpkeepFile } from './compose.ts'
import { type OpenedState, openedOnce } from './opened-state.ts'
import type { Machine } from './operations/context.ts'

/** What a command needs of the practice fleet: `built` installs and starts it, `stored` reads what an earlier one left. */
export type Fleet = 'own' | { practice: 'built' | 'stored' }

/** Puts the product together for one command: on the user's own servers, or on the practice fleet with its own state. */
export async function openProduct(request: Omit<ComposeRequest, 'fleet'>, fleet: Fleet): Promise<Composed> {
  if (fleet === 'own') return compose(request)
  const { machine, signal, progress } = request
  const state = stateDirFor({ env: machine.env, platform: machine.platform, home: machine.home })
  const root = join(state, 'practice')
  return fleet.practice === 'built' ? openBuilt(request, { root, signal, progress }) : openStored(request, root)
}

/** The state of this machine's own fleet, or of the practice fleet, for whoever keeps it open over many operations. */
export function openState(machine: Machine, practice: boolean): OpenedState {
  const folder = stateDirFor({ env: machine.env, platform: machine.platform, home: machine.home })
  return openedOnce(practice ? join(folder, 'practice', 'state') : folder, machine)
}

/** The `upkeep.yaml` that counts: the practice fleet has its own. Null where there is none. */
export function upkeepFileFor(machine: Machine, configPath: string | undefined, practice: boolean): string | null {
  if (!practice) return findUpkeepFile(machine, configPath)
  return join(
    stateDirFor({ env: machine.env, platform: machine.platform, home: machine.home }),
    'practice',
    'upkeep.yaml',
  )
}

/** Starts the one live server of the practice fleet for as long as the command lasts. */
async function openBuilt(
  request: Omit<ComposeRequest, 'fleet'>,
  asked: { root: string; signal: AbortSignal; progress: (what: string) => void },
): Promise<Composed> {
  const { buildPractice } = await import('./practice/build-practice.ts')
  const practice = await buildPractice(asked)
  try {
    const composed = compose({ ...request, fleet: { ...practice, practice: true } })
    return {
      ...composed,
      close: async () => {
        await composed.close()
        await practice.stop()
      },
    }
  } catch (error) {
    await practice.stop()
    throw error
  }
}

function openStored(request: Omit<ComposeRequest, 'fleet'>, root: string): Composed {
  const upkeepFile = join(root, 'upkeep.yaml')
  if (!existsSync(upkeepFile))
    throw new UserError('not-found', 'There is no practice fleet yet.', 'Make it: "upkeep --practice".')
  const home = join(root, 'home')
  const uid = process.getuid?.() ?? null
  const place = { id: home, home, platform: 'linux' as const, env: {}, projects: [], machine: false, upkeepFile, uid }
  return compose({
    ...request,
    fleet: { place, upkeepFile: readUpkeepFile(upkeepFile), stateDir: join(root, 'state'), practice: true },
  })
}
