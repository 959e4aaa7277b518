import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConfinementProfile } from '@upkeep/contract/confinement'
import { UserError } from '@upkeep/contract/errors'
import { guardedPlaces, guardOver, isBelow } from '@upkeep/domain/confinement/guarded-places'
import { findProgram } from '../ports/find-program.ts'
import { bubblewrap } from './bubblewrap.ts'
import type { Launcher, Layout, ShownPlace } from './launcher.ts'
import { inOrder, pathInside, writeSettings } from './prepare-run.ts'
import { type Runtime, runtimeOf } from './runtime-of.ts'
import { openStaging, removeLeftovers, type Staging } from './staging.ts'
import { systemPlaces } from './system-places.ts'
import { userNamespaces } from './user-namespaces.ts'

/** A server that a client starts behind walls. */
export interface ConfinedStart {
  profile: ConfinementProfile
  /** The server's own arguments, as the client handed them over. */
  args: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  cwd: string
  home: string
  /** Places of ours that nothing inside sees, whatever a profile says. */
  hidden: readonly string[]
  tempDir: string
  /** Where the runtime is looked for. */
  path: string
}

/** What becomes the server: its first word is the program, and its environment is all that the server gets. */
export interface ConfinedCommand {
  argv: readonly [string, ...string[]]
  env: Readonly<Record<string, string>>
}

type Starter = Pick<Launcher, 'id' | 'find' | 'commandFor'>
const starters: readonly Starter[] = [bubblewrap, userNamespaces]
const bytes = { scratch: 256 << 20, shm: 16 << 20 }
const scratch = '/tmp'

/**
 * The command line that builds a profile's walls and runs the server in them. What it needs lies in a folder of its own in the temporary
 * folder, which the next start removes once the server has ended.
 *
 * @throws UserError where the walls cannot be built: then nothing may be started.
 */
export function confinedCommand(start: ConfinedStart, among: readonly Starter[] = starters): ConfinedCommand {
  const { profile, args } = start
  const runtime = runtimeFor(start)
  removeLeftovers(start.tempDir)
  const staging = openStaging(start.tempDir)
  const layout = layoutFor(start, runtime, staging)
  const env = environmentOf(start, runtime)
  const starter = workingStarter(among, layout, env)
  const file = profile.start.file
  const own = profile.start.runtime === 'none' ? [runtime.program, ...args] : [runtime.program, file, ...args]
  return { argv: absolute(starter.commandFor({ ...layout, command: [...inFolder, folderFor(start), ...own] })), env }
}

/** Whether the walls stand and what is started can be read in them. Throws as `confinedCommand` does. */
export function tryWalls(start: ConfinedStart, among: readonly Starter[] = starters): void {
  const runtime = runtimeFor(start)
  removeLeftovers(start.tempDir)
  const staging = openStaging(start.tempDir)
  try {
    const layout = layoutFor(start, runtime, staging)
    const env = environmentOf(start, runtime)
    const starter = workingStarter(among, layout, env)
    const reads = ['/bin/sh', '-c', 'test -r "$1" && test -x "$2"', 'sh', start.profile.start.file, runtime.program]
    if (!ends({ argv: absolute(starter.commandFor({ ...layout, command: reads })), env }))
      throw new UserError(
        'cannot-run',
        'Behind its walls the server could not read its own program.',
        'Let its owner read it, or take the confinement back: "upkeep undo".',
      )
  } finally {
    staging.remove()
  }
}

/** The first process inside: it takes care of those whose parents ended, and ends with the server. */
const inFolder = ['/bin/sh', '-c', 'cd "$1" || exit 71; shift; "$@"; exit $?', 'sh']

function folderFor({ cwd, profile }: ConfinedStart): string {
  return profile.places.some(({ path }) => isBelow(cwd, path)) ? cwd : scratch
}

function runtimeFor({ profile, path }: ConfinedStart): Runtime {
  const { runtime, searches, file } = profile.start
  const missing = [file, ...profile.program].find((one) => !existsSync(one))
  if (missing !== undefined)
    throw new UserError(
      'not-found',
      `What the profile starts is not there any more: ${missing}.`,
      'Start the server once without walls so that its launcher fetches it ("upkeep undo"), and confine it again.',
    )
  const name = runtime === 'none' ? file : runtime === 'node' ? 'node' : 'python3'
  const found = runtimeOf(name, { path, searches, shows: programPlaces(profile) })
  if ('state' in found)
    throw new UserError('cannot-run', `${found.reason}.`, 'Install it, or correct PATH of the client.')
  return found
}

function programPlaces({ program }: ConfinementProfile): ShownPlace[] {
  return program.map((path) => ({ outside: path, inside: path }))
}

function layoutFor(start: ConfinedStart, runtime: Runtime, staging: Staging): Layout {
  const { profile } = start
  const uid = process.getuid?.() === 0 ? 0 : null
  const system = systemPlaces()
  const open = profile.network === 'open'
  writeSettings(staging, uid, open ? networkSettings() : {})
  return {
    shown: inOrder([
      ...system.shown,
      ...runtime.shown,
      ...programPlaces(profile),
      ...placesOf(start),
      ...covers(start, staging),
      { outside: join(staging.folder, 'etc'), inside: '/etc' },
    ]),
    links: system.links.filter(({ at }) => at !== scratch),
    scratch,
    dataBytes: bytes.scratch,
    shmBytes: bytes.shm,
    network: open ? 'shared' : 'loopback',
    // As root the folders are root's: it stays root by number, and nothing else of it is left.
    uid,
    staging: staging.folder,
    limits: { memoryBytes: 0, processes: 0 },
    command: [],
  }
}

function placesOf({ profile, home }: ConfinedStart): ShownPlace[] {
  return profile.places.map(({ path, access }): ShownPlace => {
    if (!existsSync(path))
      throw new UserError('not-found', `${path} is not there, so that the server could not see it.`, 'Make it first.')
    const guard = guardOver(realpathSync(path), home)
    if (guard !== null)
      throw new UserError(
        'bad-input',
        `${path} leads to ${guard}, which keeps secrets.`,
        'Put the folder back that was there.',
      )
    return { outside: path, inside: path, writable: access === 'write' }
  })
}

/** What keeps secrets below a place that is given is covered by an empty folder or file. */
function covers({ profile, home, hidden }: ConfinedStart, staging: Staging): ShownPlace[] {
  const [folder, file] = [join(staging.folder, 'empty'), join(staging.folder, 'nothing')]
  mkdirSync(folder, { mode: 0o755 })
  writeFileSync(file, '')
  const given = profile.places.map(({ path }) => path)
  const places = [...guardedPlaces(home), ...hidden].filter((place) => given.some((path) => isBelow(place, path)))
  return places.flatMap((place) => {
    const facts = statSync(place, { throwIfNoEntry: false })
    return facts === undefined ? [] : [{ outside: facts.isDirectory() ? folder : file, inside: place }]
  })
}

/** With a network, names are looked up as this machine does at this moment. */
function networkSettings(): Record<string, string> {
  return {
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
    'resolv.conf': textOf('/etc/resolv.conf'),
    hosts: textOf('/etc/hosts'),
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, 1 << 20)
  } catch {
    return ''
  }
}

/** Variables that the profile names, and of the language and time of day what any program may know. What steers the linker is not among them. */
const harmless = ['TZ', 'LC_ALL', 'LC_CTYPE', 'NO_COLOR', 'TERM']

function environmentOf({ profile, env }: ConfinedStart, runtime: Runtime): Record<string, string> {
  const names = [...harmless, ...profile.variables].filter((name) => !name.startsWith('LD_'))
  const handed = names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]))
  const { packages } = profile.start
  return {
    ...Object.fromEntries(handed),
    ...(packages === null ? {} : { PYTHONPATH: packages }),
    PATH: pathInside(runtime.path),
    HOME: scratch,
    TMPDIR: scratch,
    LANG: env.LANG ?? 'C.UTF-8',
  }
}

/** The first way of building walls that builds these here; there is no way without. */
function workingStarter(among: readonly Starter[], layout: Layout, env: ConfinedCommand['env']): Starter {
  const reasons: string[] = []
  for (const starter of among) {
    const found = starter.find()
    if ('state' in found) reasons.push(`${starter.id}: ${found.reason}`)
    else if (ends({ argv: absolute(starter.commandFor({ ...layout, command: ['/bin/sh', '-c', 'exit 0'] })), env }))
      return starter
    else reasons.push(`${starter.id}: it could not build these walls`)
  }
  throw new UserError(
    'cannot-run',
    `Nothing on this machine builds the walls that it is started behind (${reasons.join('; ')}).`,
    'Install bubblewrap, or take the confinement back: "upkeep undo". See "upkeep doctor --sandbox".',
  )
}

function ends({ argv: [program, ...args], env }: ConfinedCommand): boolean {
  return spawnSync(program, args, { env, cwd: '/', stdio: 'ignore', timeout: 20_000 }).status === 0
}

function absolute([first = '', ...rest]: readonly string[]): [string, ...string[]] {
  return [first.startsWith('/') ? first : (findProgram(first) ?? `/usr/bin/${first}`), ...rest]
}
