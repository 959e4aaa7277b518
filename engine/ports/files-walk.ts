import { opendirSync, readlinkSync, statSync } from 'node:fs'
import type { Absent, FileFacts, Refusal } from '@upkeep/contract/ports'
import { inspectPath } from './files-facts.ts'
import { absent, refusal, refusalOf } from './files-refusal.ts'

/** One thing below a root: where, what, and for a link where it points as text. */
export interface WalkedEntry {
  relative: string
  facts: FileFacts
  target: string | null
}

/** Everything below a root in one fixed order, and what could not be looked at. */
export interface Walk {
  state: 'walked'
  entries: WalkedEntry[]
  bytes: number
  problems: string[]
}

export interface WalkBounds {
  except: readonly string[]
  maxFiles: number
  maxBytes: number
}

const maxDepth = 64
const maxProblems = 50

/** Names in a folder, sorted; reading stops after `maxEntries`. */
export function listFolder(
  path: string,
  maxEntries: number,
): { state: 'present'; names: string[]; truncated: boolean } | Absent | Refusal {
  try {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return absent
    const names = readNames(path, maxEntries + 1)
    const truncated = names.length > maxEntries
    return { state: 'present', names: names.slice(0, maxEntries).sort(), truncated }
  } catch (error) {
    const refused = refusalOf(error)
    return refused.state === 'absent' && inspectPath(path).state === 'present'
      ? refusal('not-a-file', 'it is not a folder')
      : refused
  }
}

function readNames(path: string, most: number): string[] {
  const folder = opendirSync(path, { bufferSize: 256 })
  const names: string[] = []
  try {
    while (names.length < most) {
      const entry = folder.readSync()
      if (entry === null) break
      names.push(entry.name)
    }
  } finally {
    folder.closeSync()
  }
  return names
}

/** Walks below `root` without following any link, depth first, names in order. Past a bound it refuses rather than cut. */
export function walkTree(root: string, bounds: WalkBounds): Walk | Refusal {
  const walk: Walk = { state: 'walked', entries: [], bytes: 0, problems: [] }
  const except = new Set(bounds.except)
  const waiting: { relative: string; depth: number }[] = [{ relative: '', depth: 0 }]
  for (;;) {
    const folder = waiting.pop()
    if (folder === undefined) return walk
    if (folder.depth > maxDepth) return refusal('too-deep', `folders lie more than ${maxDepth} deep`)
    const before = walk.entries.length
    const refused = walkFolder(root, folder.relative, { walk, except, bounds })
    if (refused !== null) return refused
    const below = walk.entries.slice(before).filter((entry) => entry.facts.type === 'folder')
    for (const entry of below.reverse()) waiting.push({ relative: entry.relative, depth: folder.depth + 1 })
  }
}

interface WalkState {
  walk: Walk
  except: ReadonlySet<string>
  bounds: WalkBounds
}

function walkFolder(root: string, relative: string, { walk, except, bounds }: WalkState): Refusal | null {
  const listed = listFolder(joined(root, relative), bounds.maxFiles)
  if (listed.state !== 'present') return noteProblem(walk, relative, listed)
  if (listed.truncated) return tooMany(bounds)
  for (const name of listed.names) {
    const inner = relative === '' ? name : `${relative}/${name}`
    if (!except.has(inner)) addEntry(walk, joined(root, inner), inner)
    if (walk.entries.length > bounds.maxFiles || walk.bytes > bounds.maxBytes) return tooMany(bounds)
  }
  return null
}

function addEntry(walk: Walk, path: string, relative: string): void {
  const seen = look(path, relative)
  if (seen.state !== 'seen') {
    noteProblem(walk, relative, seen)
    return
  }
  walk.entries.push(seen.entry)
  if (seen.entry.facts.type === 'file') walk.bytes += seen.entry.facts.size
  if (seen.entry.facts.type === 'other') addProblem(walk, relative, 'not a file, folder or link: not read')
}

function look(path: string, relative: string): { state: 'seen'; entry: WalkedEntry } | Absent | Refusal {
  if (relative.includes('\uFFFD')) return refusal('malformed', 'the name is not UTF-8')
  const facts = inspectPath(path)
  if (facts.state !== 'present') return facts
  if (facts.type !== 'link') return { state: 'seen', entry: { relative, facts, target: null } }
  try {
    return { state: 'seen', entry: { relative, facts, target: readlinkSync(path) } }
  } catch (error) {
    return refusalOf(error)
  }
}

function joined(root: string, relative: string): string {
  return relative === '' ? root : `${root}/${relative}`
}

function tooMany(bounds: WalkBounds): Refusal {
  return refusal('too-large', `more than ${bounds.maxFiles} entries or ${bounds.maxBytes} bytes`)
}

function noteProblem(walk: Walk, relative: string, refused: Absent | Refusal): null {
  addProblem(walk, relative, refused.state === 'absent' ? 'gone while looking' : refused.reason)
  return null
}

/** Adds a problem; past the bound only their number grows. */
export function addProblem(walk: { problems: string[] }, relative: string, reason: string): void {
  if (walk.problems.length < maxProblems)
    walk.problems.push(`${relative.slice(0, 300).toWellFormed() || '.'}: ${reason}`)
  else if (walk.problems.length === maxProblems) walk.problems.push('and more')
}
