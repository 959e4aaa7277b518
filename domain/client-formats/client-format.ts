import type { ClientConfig, ClientId } from '@upkeep/contract/observations/client-config'
import type { Place } from '@upkeep/contract/place'
import { isUnsuspicious } from '../redaction/plain-shapes.ts'
import type { ReferenceStyle } from '../redaction/references.ts'
import type { Denies } from './claude-managed.ts'
import { type EntryKeys, type PlacedEntry, readEntry } from './raw-entry.ts'
import { at, isList, isMap, maxProblems, type Problem, type Tree, type TreePath } from './tree.ts'

/**
 * A place where a client keeps a file. The path begins with a root in braces (`{home}`, `{config}`, `{project}` or one of the client's
 * own); one part of it may hold a `*`, and then every such file is meant.
 */
export interface ConfigLocation {
  scope: ClientConfig['scope']
  format: ClientConfig['format']
  path: string
  /** Where it lies on these systems only; on all when left out. */
  on?: readonly Place['platform'][]
  /** What it is, for the person who asks where was looked. */
  why: string
  /** What writes the file anew and so would undo an edit; left out where it is the user's own. */
  rewrittenBy?: string
  /** `path` is where the file lies, for what names its own folder. */
  read(tree: Tree, path?: string): EntriesRead
  /** For long files: whether the value at a path is needed. */
  keep?(path: readonly string[]): boolean
}

/** What one file declares. `broken` are entries that are no entries: their names, and what was expected. */
export interface EntriesRead {
  entries: readonly PlacedEntry[]
  broken: readonly Broken[]
  problems: readonly Problem[]
}

export interface Broken {
  name: string
  reason: string
  /** `malformed` when left out; otherwise nothing is wrong with the entry, and what it declares is not in any file. */
  code?: 'not-supported'
}

/** A client: where its files are, how they name things, which references it expands. Adding one is a file with one of these. */
export interface ClientFormat {
  client: ClientId
  title: string
  /** Documents that the paths and keys were taken from. */
  sources: readonly string[]
  expands: readonly ReferenceStyle[]
  /** Roots of the client's own: a variable that moves them, and where they are without it. */
  roots?: Readonly<Record<string, { variable: string; otherwise: string }>>
  locations: readonly ConfigLocation[]
  /** The files of its plugins, where plugins can bring servers along: of those that are installed and not switched off. */
  plugins?(look: PluginLook): readonly PluginFile[]
  /** Which entries it starts for nobody on this machine, where settings of the machine say so. */
  denies?(look: Pick<PluginLook, 'place' | 'json'>): Denies
}

/** What finding plugins takes: where the client's roots are, and a way to look at the files that say what is installed. */
export interface PluginLook {
  place: Place
  /** A path with a root in braces as this place has it. */
  expand(path: string): string
  /** A file's JSON; null where it is not there or cannot be read. */
  json(path: string): Tree | null
  /** The same of another format. */
  tree(path: string, format: ConfigLocation['format']): Tree | null
  /** Whether a file's text has a word in it: cheaper than reading it all. */
  mentions(path: string, word: string): boolean
  /** Names in a folder, none where it cannot be listed. */
  names(folder: string): readonly string[]
}

/** A file that declares servers of a plugin. */
export interface PluginFile extends ConfigLocation {
  format: 'json'
  project: string | null
}

/** What writes the files of a plugin that was installed from elsewhere. */
export const byInstaller = 'the next update of the plugin'

/** At most so many entries of one file are read. */
const maxEntries = 5_000

/** Reads a map of entries by name, at the first of the paths that leads to one. A file without any has no servers. */
export function entriesAt(paths: readonly (readonly string[])[], keys: EntryKeys = {}): (tree: Tree) => EntriesRead {
  return (tree) => {
    if (!isMap(tree)) return nothing('the file', 'an object with settings was expected')
    const path = paths.find((each) => at(tree, ...each) !== undefined)
    return path === undefined ? none : entriesOf(at(tree, ...path) ?? null, path.join('.'), keys, path)
  }
}

/** Reads nothing: for a file that says what else is read. */
export function declaresNone(): EntriesRead {
  return none
}

export const none: EntriesRead = { entries: [], broken: [], problems: [] }

export function nothing(where: string, problem: string): EntriesRead {
  return { entries: [], broken: [], problems: [{ at: where, problem }] }
}

/** Entries of a map by name, or of a list whose members name themselves; `where` is what that place is called, `path` the place itself. */
export function entriesOf(tree: Tree, where: string, keys: EntryKeys, path: TreePath): EntriesRead {
  if (tree === null) return none
  if (!isMap(tree) && !isList(tree)) return nothing(where, 'servers by name were expected')
  const all = isMap(tree) ? [...tree] : tree.map((each, index): [string, Tree] => [ownName(each, index), each])
  const problems: Problem[] = []
  const broken: Broken[] = []
  const entries: PlacedEntry[] = []
  const entryKeys = isMap(tree) ? keys : { ...keys, known: [...(keys.known ?? []), 'name'] }
  for (const [index, [name, entry]] of all.slice(0, maxEntries).entries()) {
    if (isMap(entry)) {
      const from = {
        tree: entry,
        at: [...path, isMap(tree) ? name : index],
        where: `${where}.${shownKey(name, index)}`,
      }
      entries.push(readEntry(name, from, entryKeys, problems))
    } else {
      broken.push({ name, reason: 'an entry with a command or a URL was expected' })
    }
  }
  if (all.length > maxEntries)
    problems.push({ at: where, problem: `more than ${maxEntries} servers; the rest was not read` })
  return { entries, broken, problems: problems.slice(0, maxProblems) }
}

/** A name as it may stand in a problem: as it is where it is plainly a name, else by number. */
function shownKey(name: string, index: number): string {
  return /^[A-Za-z0-9_. -]{1,64}$/.test(name) && isUnsuspicious(name, 16) ? name : `server ${index + 1}`
}

function ownName(entry: Tree, index: number): string {
  const name = at(entry, 'name')
  return typeof name === 'string' && name !== '' ? name : `server ${index + 1}`
}

/** Several readings of one file as one. */
export function joined(readings: readonly EntriesRead[]): EntriesRead {
  return {
    entries: readings.flatMap(({ entries }) => entries),
    broken: readings.flatMap(({ broken }) => broken),
    problems: readings.flatMap(({ problems }) => problems).slice(0, maxProblems),
  }
}
