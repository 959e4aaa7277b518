import { isRecord } from './is-record.ts'
/** A package as a lockfile pins it. `path` is its key, relative to the lockfile's folder; empty for the project itself. */
export interface LockedPackage {
  name: string
  version: string | null
  path: string
}

/** A package and everything that it needs, as the lockfile pins it. */
export interface LockedTree {
  packages: LockedPackage[]
  problems: string[]
}

interface Entry {
  name: string | null
  version: string | null
  target: string | null
  needs: string[]
}

const maxPackages = 20_000

/**
 * The package at `start` and what it needs, from a `package-lock.json` of version 2 or 3, each found as Node would find it. Null when the
 * lockfile does not have it; a text says why it cannot be read.
 */
export function lockedTree(text: string, start: string): LockedTree | null | string {
  const entries = entriesOf(text)
  if (typeof entries === 'string') return entries
  if (!entries.has(start)) return null
  const tree: LockedTree = { packages: [], problems: [] }
  const seen = new Set([start])
  const waiting = [start]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (tree.packages.length >= maxPackages) {
      tree.problems.push(`more than ${maxPackages} packages: cut there`)
      break
    }
    const entry = entries.get(path)
    if (entry === undefined) continue
    tree.packages.push({ name: entry.name ?? nameIn(path), version: entry.version, path })
    for (const called of entry.needs) {
      const found = nearest(entries, path, called)
      if (found === null || seen.has(found)) continue
      seen.add(found)
      waiting.push(found)
    }
  }
  tree.packages.sort((a, b) => (a.path < b.path ? -1 : 1))
  return tree
}

function entriesOf(text: string): Map<string, Entry> | string {
  const packages = member(parsed(text), 'packages')
  if (!isRecord(packages)) return 'it is no lockfile of version 2 or 3'
  return new Map(Object.entries(packages).map(([path, value]) => [path, entryOf(value)]))
}

function entryOf(value: unknown): Entry {
  const target = member(value, 'link') === true ? textOf(member(value, 'resolved')) : null
  const needs = ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((field) => {
    const named = member(value, field)
    return isRecord(named) ? Object.keys(named) : []
  })
  return { name: textOf(member(value, 'name')), version: textOf(member(value, 'version')), target, needs }
}

/** From the package's own folder upwards, as Node looks; a link leads to the folder of a workspace. */
function nearest(entries: ReadonlyMap<string, Entry>, from: string, called: string): string | null {
  for (let at: string | null = from; at !== null; at = above(at)) {
    const path = at === '' ? `node_modules/${called}` : `${at}/node_modules/${called}`
    const entry = entries.get(path)
    if (entry === undefined) continue
    return entry.target !== null && entries.has(entry.target) ? entry.target : path
  }
  return null
}

function above(path: string): string | null {
  if (path === '') return null
  const cut = path.lastIndexOf('/node_modules/')
  return cut === -1 ? '' : path.slice(0, cut)
}

function nameIn(path: string): string {
  const cut = path.lastIndexOf('node_modules/')
  return cut === -1 ? path : path.slice(cut + 'node_modules/'.length)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function member(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

/** A text that is short enough to be a name or a version. */
function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.length <= 300 ? value : null
}
