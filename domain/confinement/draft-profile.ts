import type { ConfinedPlace, ConfinementProfile, LearnedUse } from '@upkeep/contract/confinement'
import type { DeclaredServer, SafeValue } from '@upkeep/contract/observations/declared-server'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import type { WatchedAttempt } from '@upkeep/contract/sandbox'
import { behindLauncher } from '../client-formats/our-launcher.ts'
import { ownArguments } from '../run-plan/own-arguments.ts'
import { guardOver, isBelow } from './guarded-places.ts'

/** What came of running a server in the sandbox, as far as a profile rests on it. */
export interface ObservedUse {
  /** Tools that it listed, by name; null where it listed none. */
  listed: readonly string[] | null
  /** Tools of the golden calls that were made, one for each call. */
  called: readonly string[]
  /** Null where nothing watched. */
  attempts: readonly WatchedAttempt[] | null
}

/** What a person wants otherwise than it was seen. */
export interface AskedOtherwise {
  read: readonly string[]
  write: readonly string[]
  network: 'none' | 'open' | null
}

export interface ProfileGrounds {
  server: DeclaredServer
  plan: RunPlan
  /** Of whoever runs the client. */
  home: string
  use: ObservedUse
  /** Hosts that the entry or its package says it talks to. */
  destinations: readonly string[]
  asked: AskedOtherwise
}

/**
 * The narrowest profile under which a server still finds what its entry names and what it was seen to use; a text says why there is none.
 * What it looked for beyond that is named and not given. The same grounds give the same profile.
 */
export function draftProfile(grounds: ProfileGrounds): ConfinementProfile | string {
  const { server, plan, asked, destinations } = grounds
  const own = ownArguments(server)
  if (own === null) return 'its command is one line of words: split it into a command and arguments'
  const words = wordsBehind(server)
  const refused = [...asked.read, ...asked.write]
    .map((path) => notGiven(path, grounds.home))
    .find((why) => why !== null)
  if (refused !== undefined && refused !== null) return refused
  const places = placesOf(grounds)
  const learned = learnedOf(grounds, places)
  const wanted = learned.reached.length > 0 || destinations.length > 0 ? 'open' : 'none'
  return {
    format: 'upkeep-confinement/1',
    server: server.name,
    words,
    start: {
      runtime: plan.runtime,
      file: plan.file,
      packages: plan.packages,
      searches: [...(plan.searches ?? [])],
      ownFrom: words.length - own.length,
    },
    program: [...plan.shows].sort(),
    places,
    network: asked.network ?? wanted,
    variables: variablesOf(server),
    learned,
  }
}

/** The command line that is confined, behind launchers of ours; null for what is hidden, or filled in by its client. */
export function wordsBehind({ command, args }: DeclaredServer): (string | null)[] {
  const words = args.map(wordOf)
  const at = behindLauncher(words.map((word) => word ?? ''))
  if (at > 0) return words.slice(at)
  return [...(command === null ? [] : [wordOf(command)]), ...words]
}

/** A URL may be shown in another form than it is written; a reference is what its client makes of it. */
function wordOf(value: SafeValue): string | null {
  if (value.kind === 'empty') return ''
  if (value.kind !== 'plain' || /\$|\{\{|:\/\//.test(value.text)) return null
  return value.text
}

function variablesOf({ env, command, args }: DeclaredServer): string[] {
  const words = [...(command === null ? [] : [command]), ...args].map((value) => wordOf(value) ?? '')
  const end = words[2] === 'run-with' ? words.indexOf('--') : -1
  const set = words.flatMap((word, at) => (word === '--set' && at < end ? [words[at + 1] ?? ''] : []))
  const isName = (name: string) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
  return [...new Set([...Object.keys(env), ...set])].filter(isName).sort()
}

function placesOf({ plan, home, use, asked }: ProfileGrounds): ConfinedPlace[] {
  const attempts = use.attempts ?? []
  const writes = attempts.flatMap(({ what, target }) => (what === 'write' ? [target] : []))
  const found = new Map<string, ConfinedPlace>()
  const give = (place: ConfinedPlace) => {
    if (notGiven(place.path, home) !== null) return
    const before = found.get(place.path)
    if (before === undefined || place.access === 'write') found.set(place.path, place)
  }
  for (const [index, path] of plan.folders.entries()) {
    const written = writes.some((target) => isBelow(target, `/data/roots/${index}`))
    give({ path, access: written ? 'write' : 'read', named: 'argument' })
  }
  for (const path of asked.read) give({ path: plainPath(path), access: 'read', named: 'person' })
  for (const path of asked.write) give({ path: plainPath(path), access: 'write', named: 'person' })
  const all = [...found.values()].sort((one, other) => (one.path < other.path ? -1 : 1))
  // In a folder that it may write a server could put a link in the place of a folder that is given: then that would be given.
  const isHeld = ({ path }: ConfinedPlace) =>
    all.some((other) => other.path !== path && other.access === 'write' && isBelow(path, other.path))
  return all.filter((place) => !isHeld(place))
}

function plainPath(path: string): string {
  return path.replace(/\/+$/, '') || '/'
}

const ofSystem = [
  '/bin',
  '/sbin',
  '/lib',
  '/lib64',
  '/usr',
  '/etc',
  '/proc',
  '/sys',
  '/dev',
  '/run',
  '/boot',
  '/var/run',
  '/runtime',
]

/** Why a place is given to no server; null for one that may be. */
export function notGiven(path: string, home: string): string | null {
  const plain = plainPath(path)
  if (!plain.startsWith('/') || plain.split('/').some((part) => part === '..' || part === '.'))
    return `${path} is not an absolute path`
  if (plain === '/' || ofSystem.some((folder) => isBelow(plain, folder))) return `${plain} is the system's own`
  const guard = guardOver(plain, home)
  return guard === null ? null : `${guard} keeps secrets, and is given to no server`
}

function learnedOf({ plan, home, use }: ProfileGrounds, places: readonly ConfinedPlace[]): LearnedUse {
  const attempts = use.attempts ?? []
  const of = (what: WatchedAttempt['what']) => attempts.filter((one) => one.what === what)
  const ownStart = of('execute').find(({ allowed }) => allowed)
  const isKnown = (path: string) =>
    places.some((place) => isBelow(path, place.path) || isBelow(place.path, path)) ||
    plan.shows.some((folder) => isBelow(folder, path)) ||
    /^\/(?:srv|runtime)(?:\/|$)/.test(path)
  const outside = [...of('read-outside'), ...of('write').filter(({ allowed }) => !allowed)].flatMap(({ target }) => {
    const real = isBelow(target, '/data/home') ? `${home}${target.slice('/data/home'.length)}` : target
    return isBelow(real, '/data') || isBelow(real, '/tmp') || isKnown(real) ? [] : [real]
  })
  return {
    calls: use.called.length,
    listed: use.listed === null ? null : sorted(use.listed, 200),
    called: sorted(use.called, 200),
    watched: use.attempts !== null,
    reached: sorted(
      of('connect').map(({ target }) => target),
      400,
    ).slice(0, 200),
    ran: sorted(
      of('execute').flatMap((one) => (one.allowed && one !== ownStart ? [one.target] : [])),
      400,
    ).slice(0, 200),
    lookedFor: sorted(outside, 400).slice(0, 200),
  }
}

function sorted(texts: readonly string[], most: number): string[] {
  return [...new Set(texts.map((text) => text.slice(0, most).toWellFormed()))].sort()
}
