import { type EntryPlaces, type PlaceKeys, placesOf } from './entry-places.ts'
import { at, isList, isMap, type Problem, type Tree, type TreeMap, type TreePath, treeText } from './tree.ts'

/** One server as a file declares it, before redaction: it holds secrets and never leaves the call that reads the file. */
export interface RawEntry {
  name: string
  /** The project folder of a per-project entry of a user file. */
  project: string | null
  command: string | null
  args: readonly string[]
  env: ReadonlyMap<string, string>
  url: string | null
  headers: ReadonlyMap<string, string>
  cwd: string | null
  transport: 'stdio' | 'http' | 'sse' | 'unknown'
  disabled: boolean
  autoApprove: readonly string[]
  /** Keys that no reader of ours knows. */
  other: ReadonlyMap<string, Tree>
}

/** An entry with where it stands in its file. */
export interface PlacedEntry extends RawEntry {
  places: EntryPlaces
}

/** How one client names the parts of an entry. What is left out is named as most clients name it. */
export interface EntryKeys extends PlaceKeys {
  command?: readonly string[]
  args?: readonly string[]
  env?: readonly string[]
  cwd?: readonly string[]
  /** Keys that hold a URL, and the transport each one means when no type is given. */
  urls?: Readonly<Record<string, 'http' | 'sse'>>
  headers?: readonly string[]
  type?: readonly string[]
  /** Lists of tools called without asking; `true` is all of them. */
  autoApprove?: readonly string[]
  /** Keys that are read elsewhere, such as the entry's own name. */
  known?: readonly string[]
}

const usual = {
  command: ['command'],
  args: ['args'],
  env: ['env'],
  cwd: ['cwd'],
  urls: { url: 'http' },
  headers: ['headers'],
  type: ['type', 'transport', 'transportType'],
  autoApprove: [],
  known: [],
} as const satisfies Required<Omit<EntryKeys, keyof PlaceKeys>>

const types: Readonly<Record<string, RawEntry['transport']>> = {
  stdio: 'stdio',
  local: 'stdio',
  http: 'http',
  'streamable-http': 'http',
  streamableHttp: 'http',
  streamable_http: 'http',
  streamablehttp: 'http',
  remote: 'http',
  sse: 'sse',
}

/** What one entry is read from: where it stands, and what that is called in a problem. */
export interface ReadFrom {
  tree: TreeMap
  at: TreePath
  where: string
}

/** Reads one entry. Parts of a wrong kind are left out and reported; the entry itself stays. */
export function readEntry(name: string, from: ReadFrom, keys: EntryKeys, problems: Problem[]): PlacedEntry {
  const named = { ...usual, ...keys }
  const { tree } = from
  const report = (key: string, problem: string) => problems.push({ at: `${from.where}.${key}`, problem })
  const first = (names: readonly string[]) => names.find((key) => tree.has(key))
  const texts = { map: (names: readonly string[]) => textMap(tree, first(names), report) }
  const command = textOf(tree, first(named.command), report)
  const urlKey = first(Object.keys(named.urls))
  const url = textOf(tree, urlKey, report)
  const type = textOf(tree, first(named.type), report)
  if (command === null && url === null) report('command', 'neither a command nor a URL')
  const byUrl =
    urlKey === undefined ? 'http' : (Object.entries(named.urls).find(([key]) => key === urlKey)?.[1] ?? 'http')
  return {
    name,
    project: null,
    command,
    args: textList(tree, first(named.args), report),
    env: texts.map(named.env),
    url,
    headers: texts.map(named.headers),
    cwd: textOf(tree, first(named.cwd), report),
    transport: transportOf(type, command, url, byUrl),
    disabled: tree.get('disabled') === true || tree.get('enabled') === false,
    autoApprove: named.autoApprove.flatMap((key) => approvals(tree.get(key))),
    other: new Map([...tree].filter(([key]) => !isKnown(key, named))),
    places: placesOf(from.at, tree, named),
  }
}

function transportOf(
  type: string | null,
  command: string | null,
  url: string | null,
  byUrl: 'http' | 'sse',
): RawEntry['transport'] {
  if (type !== null) return (Object.hasOwn(types, type) ? types[type] : undefined) ?? 'unknown'
  if (command !== null) return 'stdio'
  return url === null ? 'unknown' : byUrl
}

function isKnown(key: string, named: Required<Omit<EntryKeys, keyof PlaceKeys>>): boolean {
  const lists = [
    named.command,
    named.args,
    named.env,
    named.cwd,
    named.headers,
    named.type,
    named.autoApprove,
    named.known,
  ]
  return (
    key === 'disabled' ||
    key === 'enabled' ||
    Object.hasOwn(named.urls, key) ||
    lists.some((list) => list.includes(key))
  )
}

type Report = (key: string, problem: string) => void

function textOf(tree: TreeMap, key: string | undefined, report: Report): string | null {
  const value = key === undefined ? undefined : tree.get(key)
  if (key === undefined || value === undefined || value === null) return null
  if (typeof value === 'string') return value
  report(key, 'a text was expected')
  return null
}

/** Scalars are taken as text, as the clients do; anything else is reported, and stands as the text of its value. */
function textList(tree: TreeMap, key: string | undefined, report: Report): readonly string[] {
  const value = key === undefined ? undefined : tree.get(key)
  if (key === undefined || value === undefined || value === null) return []
  if (!isList(value)) {
    report(key, 'a list of texts was expected')
    return typeof value === 'string' ? [value] : []
  }
  return value.map((each, index) => scalarText(each, `${key}[${index}]`, report))
}

function textMap(tree: TreeMap, key: string | undefined, report: Report): ReadonlyMap<string, string> {
  const value = key === undefined ? undefined : tree.get(key)
  if (key === undefined || value === undefined || value === null) return new Map()
  if (!isMap(value)) {
    report(key, 'names with values were expected')
    return new Map()
  }
  return new Map([...value].map(([name, each], index) => [name, scalarText(each, `${key}[${index}]`, report)]))
}

function scalarText(value: Tree, key: string, report: Report): string {
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (typeof value === 'object') report(key, 'a text was expected')
  return typeof value === 'object' ? treeText(value) : String(value)
}

function approvals(value: Tree | undefined): readonly string[] {
  if (value === true) return ['*']
  if (!isList(value)) return []
  return value.filter((each) => typeof each === 'string')
}

/** The texts of a list at a path; other kinds are left out. */
export function textsAt(tree: Tree, ...path: readonly string[]): readonly string[] {
  const found = at(tree, ...path)
  return isList(found) ? found.filter((each) => typeof each === 'string') : []
}
