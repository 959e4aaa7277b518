import type { TreeMap, TreePath } from './tree.ts'

/**
 * Where an entry and its parts stand in their file, for who edits them: paths from the root. A part that is not there has the path at which
 * its client would look for it.
 */
export interface EntryPlaces {
  at: TreePath
  command: TreePath
  args: TreePath
  env: TreePath
  url: TreePath
  headers: TreePath
  /** How the client is told to leave the entry alone; null where its files know no such thing. */
  switch: EntrySwitch | null
  /** Where it keeps which tools are called without asking; null where its files do not say. */
  approvals: EntryApprovals | null
}

/** A key of the entry itself, or a list of names that are switched off. `doubted` is a list that the client was seen not to heed. */
export type EntrySwitch =
  | { kind: 'key'; path: TreePath; off: boolean }
  | { kind: 'list'; path: TreePath; doubted: boolean }

/**
 * A list of tools, names standing behind `prefix` if there is one; a key that means all of them when true; or a setting that stands for every
 * server at once.
 */
export type EntryApprovals =
  | { kind: 'list'; path: TreePath; prefix: string | null }
  | { kind: 'all'; path: TreePath }
  | { kind: 'shared'; path: TreePath }

/** How a client names what is not a part of the launch. */
export interface PlaceKeys {
  /** The key that switches an entry off, where the client documents one. */
  switch?: 'disabled' | 'enabled'
  /** What stands under the keys for approvals: a list of tools, or a word for all of them. */
  approves?: 'list' | 'all'
}

interface Named extends PlaceKeys {
  command: readonly string[]
  args: readonly string[]
  env: readonly string[]
  headers: readonly string[]
  urls: Readonly<Record<string, unknown>>
  autoApprove: readonly string[]
}

/** The places of an entry whose parts are keys of its own. */
export function placesOf(at: TreePath, tree: TreeMap, named: Named): EntryPlaces {
  const part = (keys: readonly string[]): TreePath => [...at, keys.find((key) => tree.has(key)) ?? keys[0] ?? '']
  return {
    at,
    command: part(named.command),
    args: part(named.args),
    env: part(named.env),
    url: part(Object.keys(named.urls)),
    headers: part(named.headers),
    switch:
      named.switch === undefined
        ? null
        : { kind: 'key', path: [...at, named.switch], off: named.switch === 'disabled' },
    approvals:
      named.autoApprove.length === 0
        ? null
        : named.approves === 'all'
          ? { kind: 'all', path: part(named.autoApprove) }
          : { kind: 'list', path: part(named.autoApprove), prefix: null },
  }
}

/** The same places for an entry that stands somewhere else than it was read from. */
export function movedTo(at: TreePath, places: EntryPlaces): EntryPlaces {
  const moved = (path: TreePath): TreePath => [...at, ...path.slice(places.at.length)]
  const { command, args, env, url, headers } = places
  return {
    ...places,
    at,
    command: moved(command),
    args: moved(args),
    env: moved(env),
    url: moved(url),
    headers: moved(headers),
  }
}
