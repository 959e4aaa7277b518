import { type ChildProcess, spawn } from 'node:child_process'
import type { Refusal, SandboxBackend, SandboxedProcess, SandboxRun } from '@upkeep/contract'
import { printable } from '@upkeep/domain/printable'
import { refuse } from '../ports/network-refusal.ts'
import { type ControlGroup, makeGroup } from './control-group.ts'
import type { Launcher } from './launcher.ts'
import { prepareRun } from './prepare-run.ts'
import { openStaging, type Staging } from './staging.ts'
import { superviseChild } from './supervise-child.ts'
import { together } from './watch-bounds.ts'
import { readsOf, watching } from './watch-calls.ts'

/** What a run is started with. */
export interface StartInput {
  launcher: Launcher
  backend: SandboxBackend
  tempDir: string
  path: string
}

/** Starts a run behind the walls of one backend; resolves once its program was started, or with the reason why it was not. */
export async function startRun(run: SandboxRun, input: StartInput): Promise<SandboxedProcess | Refusal> {
  const staging = openStaging(input.tempDir)
  const prepared = prepareRun(run, staging, input.path)
  if ('state' in prepared) {
    staging.remove()
    return prepared
  }
  const faulty = input.launcher.faultOf?.(prepared.layout) ?? null
  if (faulty !== null) {
    staging.remove()
    return refuse('not-supported', faulty)
  }
  const group = groupFor(run, input, staging)
  const watched = run.watch !== undefined && run.watch !== false && input.backend.watches
  const walls = input.launcher.commandFor(prepared.layout)
  const child = spawnLauncher(joining(group, watched ? watching(staging.folder, walls, readsOf(run) !== null) : walls))
  const { backend } = input
  const supervised = superviseChild({
    run,
    child,
    own: input.launcher.own,
    group,
    staging,
    backend,
    standIns: prepared.standIns,
    watched,
  })
  const start = await supervised.started
  if (start === 'started') return supervised.process
  const outcome = await supervised.process.stop()
  if (start !== 'not-built') return refuse('not-supported', start)
  const said = printable(outcome.stderr.trim().slice(0, 300))
  return refuse('not-supported', `the sandbox could not be built${said === '' ? '' : `: ${said}`}`)
}

function groupFor({ bounds }: SandboxRun, { backend, launcher }: StartInput, { name }: Staging): ControlGroup | null {
  const { boundsKeptBy } = backend
  if (boundsKeptBy !== 'cgroup-v1' && boundsKeptBy !== 'cgroup-v2') return null
  return makeGroup(boundsKeptBy, name, together(bounds, launcher.own))
}

/** A shell goes through the doors of the group and then becomes the launcher: nothing of the run is ever outside. */
function joining(group: ControlGroup | null, command: readonly string[]): readonly string[] {
  if (group === null) return command
  const enter = group.doors.map((door) => `echo $$ > '${door}' || exit 72`).join('\n')
  return ['/bin/sh', '-c', `${enter}\nexec "$@"`, 'sh', ...command]
}

function spawnLauncher([program = '', ...args]: readonly string[]): ChildProcess {
  // A session of its own: Ctrl-C at a terminal is for us, and we end the run.
  return spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
    cwd: '/',
    env: { PATH: systemPath },
  })
}

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
