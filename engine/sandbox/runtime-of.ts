import { closeSync, constants, lstatSync, openSync, readdirSync, readlinkSync, readSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Refusal } from '@upkeep/contract'
import { findProgram } from '../ports/find-program.ts'
import { refuse } from '../ports/network-refusal.ts'
import type { ShownPlace } from './launcher.ts'
import { isSystemPath } from './system-places.ts'

/** The program as it is called inside, and the places that it needs besides the system and what the run shows. */
export interface Runtime {
  program: string
  shown: readonly ShownPlace[]
  /** Folders inside to search for programs, before the system's. */
  path: readonly string[]
}

/** What is known when a program is looked for: the search path outside, and what the run shows. */
interface Known {
  path: string
  /** Folders that come before the path: what is found there is shown at a place of its own. */
  searches?: readonly string[]
  shows: readonly ShownPlace[]
}

/** Finds what `argv[0]` really is, through links and first lines of scripts, and shows only that: the program, and its libraries beside it. */
export function runtimeOf(name: string, known: Known, depth = 0): Runtime | Refusal {
  if (depth > 3) return refuse('not-supported', 'the program is a script of a script of a script')
  if (!name.includes('/')) return bareProgram(name, known, depth)
  if (!name.startsWith('/')) return refuse('not-supported', 'the program is named by a relative path')
  const outside = outsideOf(name, known.shows)
  const hop = firstHopOutside(name, known.shows)
  const own = hop === null ? [] : withLibraries(hop.outside, hop.inside)
  return withInterpreter({ program: name, shown: own, path: [] }, outside, known, depth)
}

function bareProgram(name: string, known: Known, depth: number): Runtime | Refusal {
  const own = findProgram(name, (known.searches ?? []).join(':'))
  const found = own ?? findOnPath(name, known.path)
  if (found === null) return refuse('not-configured', `there is no program "${name.slice(0, 60)}" on the search path`)
  const real = realpathSync(found)
  if (isSystemPath(found) && isSystemPath(real))
    return withInterpreter({ program: found, shown: [], path: [] }, real, known, depth)
  const folder = own === null ? '/runtime/bin' : '/runtime/own/bin'
  const inside = `${folder}/${name}`
  return withInterpreter({ program: inside, shown: withLibraries(real, inside), path: [folder] }, real, known, depth)
}

/** Shell scripts that stand for a program of the same name (shims of version managers) need a tree that is not there: what comes after them is taken. */
function findOnPath(name: string, path: string): string | null {
  const found = path.split(':').flatMap((folder) => findProgram(name, folder) ?? [])
  const isShim = (one: string) => /^#!.*\b(?:ba|da|z)?sh\b/.test(firstLine(one) ?? '')
  return found.find((one) => !isShim(one)) ?? found[0] ?? null
}

/** A script needs what its first line names. */
function withInterpreter(runtime: Runtime, outside: string, known: Known, depth: number): Runtime | Refusal {
  const line = firstLine(outside)
  if (line === null) return runtime
  const words = line.slice(2).trim().split(/\s+/)
  const named = basename(words[0] ?? '') === 'env' ? words.slice(1).find((word) => !/^-|=/.test(word)) : words[0]
  if (named === undefined) return runtime
  const interpreter = runtimeOf(named, known, depth + 1)
  if ('state' in interpreter) return interpreter
  return {
    program: runtime.program,
    shown: [...runtime.shown, ...interpreter.shown],
    path: [...runtime.path, ...interpreter.path],
  }
}

/** The path outside of what the run sees at a path inside. */
export function outsideOf(inside: string, shows: readonly ShownPlace[]): string {
  const holds = shows.filter((one) => inside === one.inside || inside.startsWith(`${one.inside}/`))
  const nearest = holds.sort((one, other) => other.inside.length - one.inside.length)[0]
  return nearest === undefined ? inside : nearest.outside + inside.slice(nearest.inside.length)
}

/**
 * Follows a chain of links as it is seen inside (an environment's `python` leads to the interpreter it was made with) to the first place
 * that nothing shows yet; null when it never leaves what is shown.
 */
function firstHopOutside(inside: string, shows: readonly ShownPlace[]): ShownPlace | null {
  let [at, hops] = [inside, 0]
  while (hops < 16) {
    const outside = outsideOf(at, shows)
    const seen = isSystemPath(at) || shows.some((one) => at === one.inside || at.startsWith(`${one.inside}/`))
    if (!seen) return { outside: tryReal(outside), inside: at }
    const link = linkText(outside)
    if (link === null || isSystemPath(at)) return null
    at = resolve(dirname(at), link)
    hops += 1
  }
  return null
}

/** A program and the libraries that interpreters keep beside their `bin`; never the whole folder above, which may be somebody's home. */
function withLibraries(outside: string, inside: string): ShownPlace[] {
  const [from, to] = [dirname(outside), dirname(inside)].map((folder) => join(dirname(folder), 'lib'))
  if (from === undefined || to === undefined || basename(dirname(outside)) !== 'bin') return [{ outside, inside }]
  const libraries = namesIn(from).filter((name) => /^(node_modules$|python3|libpython)/.test(name))
  return [{ outside, inside }, ...libraries.map((name) => ({ outside: join(from, name), inside: join(to, name) }))]
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function tryReal(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function linkText(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null
  } catch {
    return null
  }
}

function firstLine(path: string): string | null {
  const start = Buffer.alloc(256)
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const count = readSync(file, start, 0, start.length, 0)
    closeSync(file)
    const text = start.toString('latin1', 0, count)
    return text.startsWith('#!') ? (text.split('\n', 1)[0] ?? null) : null
  } catch {
    return null
  }
}
