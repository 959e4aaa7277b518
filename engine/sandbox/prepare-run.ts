import { randomBytes, randomInt } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import type { Refusal, SandboxRun } from '@upkeep/contract'
import { refuse } from '../ports/network-refusal.ts'
import type { Layout, ShownPlace } from './launcher.ts'
import { unreadableInside } from './readable-inside.ts'
import { type Runtime, runtimeOf } from './runtime-of.ts'
import { layFiles, ownFolders, type Staging } from './staging.ts'
import { supervisorScript } from './supervisor.ts'
import { ownSettings, systemPlaces } from './system-places.ts'
import { layWorld } from './world.ts'

/** A run that is ready to be started: its walls, and the stand-ins it was given. */
export interface PreparedRun {
  layout: Layout
  standIns: Readonly<Record<string, string>>
}

/** Works out what a run sees, and stages it. `path` is the search path of this machine. */
export function prepareRun(run: SandboxRun, staging: Staging, path: string): PreparedRun | Refusal {
  const faulty = faultOf(run)
  if (faulty !== null) return refuse('not-supported', faulty)
  const known = runtimesOf(run, path)
  if ('state' in known) return known
  const uid = process.getuid?.() === 0 ? strangerUid() : null
  const closed = uid === null ? null : unreadableInside(run)
  if (closed !== null) return refuse('permission-denied', closed)
  const apart = run.confined === undefined ? null : layWorld(run, staging, uid)
  const laid =
    apart !== null && 'state' in apart
      ? apart
      : layFiles(join(staging.folder, 'run', 'laid'), [...ownFolders, ...(apart?.inside ?? run.lays)], uid)
  if (laid !== null) return laid
  const standIns = Object.fromEntries((run.standIns ?? []).map((name) => [name, standIn()]))
  const env = { ...run.env, ...standIns, ...ownEnvironment(known.flatMap((one) => one.path)) }
  const programs = known.map((one) => one.program)
  writeSettings(staging, uid)
  writeFileSync(join(staging.folder, 'run', 'supervise.sh'), supervisorScript(run, env, programs))
  return {
    layout: layoutOf(run, staging, uid, [
      ...known.flatMap((one) => one.shown),
      ...(apart !== null && 'shown' in apart ? apart.shown : []),
    ]),
    standIns,
  }
}

/** The runtime of the main program and of each one beside it. */
function runtimesOf(run: SandboxRun, path: string): Runtime[] | Refusal {
  const runtimes: Runtime[] = []
  for (const { argv, searches = [] } of [run, ...(run.beside ?? [])]) {
    const runtime = runtimeOf(argv[0], { path, searches, shows: run.shows })
    if ('state' in runtime) return runtime
    runtimes.push(runtime)
  }
  return runtimes
}

function layoutOf(run: SandboxRun, staging: Staging, uid: number | null, own: readonly ShownPlace[]): Layout {
  const system = systemPlaces()
  const staged = [
    { outside: join(staging.folder, 'run'), inside: '/run/upkeep' },
    { outside: join(staging.folder, 'etc'), inside: '/etc' },
  ]
  const shmBytes = Math.min(16 << 20, Math.floor(run.bounds.diskBytes / 8))
  return {
    shown: inOrder([...system.shown, ...own, ...run.shows, ...staged]),
    links: system.links,
    scratch: '/data',
    dataBytes: run.bounds.diskBytes - shmBytes,
    shmBytes,
    network: run.network,
    uid,
    staging: staging.folder,
    limits: { memoryBytes: run.bounds.memoryBytes, processes: run.bounds.processes },
    command: ['/bin/sh', '/run/upkeep/supervise.sh'],
  }
}

/** Parents first; of two places at one path the later counts. */
export function inOrder(places: readonly ShownPlace[]): ShownPlace[] {
  const byPath = new Map(places.map((one) => [normalize(one.inside), one]))
  return [...byPath.values()].sort((one, other) => (one.inside < other.inside ? -1 : 1))
}

const reserved = [
  '/',
  '/data',
  '/tmp',
  '/dev',
  '/proc',
  '/sys',
  '/etc',
  '/run/upkeep',
  '/usr',
  '/bin',
  '/lib',
  '/lib64',
  '/sbin',
]

/** Why a run cannot be what its caller means; null when it can. */
function faultOf(run: SandboxRun): string | null {
  const words = [...run.argv, run.cwd, ...Object.entries(run.env).flat(), ...(run.readsBack ?? [])]
  if (words.some((word) => word.includes('\0'))) return 'a word of the run holds a zero byte'
  if (!run.cwd.startsWith('/')) return 'the working folder is not an absolute path'
  const names = [...Object.keys(run.env), ...(run.standIns ?? [])]
  if (names.some((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))) return 'the name of a variable cannot be one'
  return run.shows.map(faultOfPlace).find((fault) => fault !== null) ?? null
}

function faultOfPlace({ outside, inside }: ShownPlace): string | null {
  if (!inside.startsWith('/') || normalize(inside) !== inside) return 'a shown place has no plain absolute path inside'
  if (reserved.includes(inside) || /^\/(data|tmp|dev|proc|sys|etc)\//.test(inside))
    return 'a place cannot be shown where the sandbox has its own'
  return existsSync(outside) ? null : 'a place to be shown is not there'
}

/** As root: a user that no account, file or other run has, so that its limits count for this run alone. */
function strangerUid(): number {
  return 0x70000000 + randomInt(0x0fff0000)
}

/** Says what it is when it turns up somewhere, and is not to be guessed. */
function standIn(): string {
  return `upkeep-stand-in-${randomBytes(12).toString('hex')}`
}

function ownEnvironment(first: readonly string[]): Record<string, string> {
  return { PATH: pathInside(first), HOME: '/data/home', TMPDIR: '/data/tmp', LANG: 'C.UTF-8' }
}

export function pathInside(first: readonly string[]): string {
  return [...new Set([...first, '/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'])].join(':')
}

/** Our own `/etc`, and places in it for what of the system's is shown there. `over`: files that take the place of ours. */
export function writeSettings(
  { folder }: Staging,
  uid: number | null,
  over: Readonly<Record<string, string>> = {},
): void {
  for (const [name, text] of Object.entries({ ...ownSettings(uid ?? 1_000), ...over }))
    writeFileSync(join(folder, 'etc', name), text)
  // Whoever runs this may have a strict umask; inside another user reads these.
  for (const part of ['etc', 'run', 'run/laid']) chmodSync(join(folder, part), 0o755)
  for (const name of Object.keys(ownSettings(0))) chmodSync(join(folder, 'etc', name), 0o644)
  // What is shown below it needs a place to be mounted at.
  for (const { outside, inside } of systemPlaces().shown.filter((one) => one.inside.startsWith('/etc/'))) {
    const at = join(folder, inside)
    mkdirSync(statSync(outside).isDirectory() ? at : dirname(at), { recursive: true, mode: 0o755 })
    if (!existsSync(at)) writeFileSync(at, '')
  }
}
