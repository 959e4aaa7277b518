import type { FileExposure } from '@upkeep/contract/observations/file-exposure'
import type { FileFacts } from '@upkeep/contract/ports'
import { foldersAbove, type Way } from './way.ts'

type Others = 'group' | 'everyone'
const bits = { read: 4, write: 2, enter: 1 } as const
const sticky = 0o1000

/** The permission bits of a path as people write them. */
export function modeText(facts: FileFacts): string {
  return (facts.mode & 0o7777).toString(8).padStart(4, '0')
}

/** Who else can read or write a file: its own mode allows it, and every folder above it lets them through. */
export function reachableBy(way: Way, right: 'read' | 'write'): Others[] {
  const folders = foldersAbove(way.realPath).flatMap((path) => way.folders.get(path) ?? [])
  return allowed(way.facts, right, folders)
}

function allowed(facts: FileFacts, right: 'read' | 'write', folders: readonly FileFacts[]): Others[] {
  const both = ['group', 'everyone'] as const
  return both.filter((who) => has(facts, who, right) && folders.every((folder) => letsThrough(folder, who, facts.gid)))
}

function has(facts: FileFacts, who: Others, right: keyof typeof bits): boolean {
  return (facts.mode & (who === 'group' ? bits[right] << 3 : bits[right])) !== 0
}

/** Members of a group enter a folder of that group by its group bits, and any other folder as everyone does. */
function letsThrough(folder: FileFacts, who: Others, gid: number): boolean {
  return has(folder, who === 'group' && folder.gid === gid ? 'group' : 'everyone', 'enter')
}

/**
 * Folders on the way in which someone else can put another file in place of the one that is meant. In a sticky folder only owners can
 * do that: the owner of the entry, who is looked at by itself, and the owner of the folder.
 */
export function replaceableThrough(way: Way, userUid: number): FileExposure['replaceableThrough'] {
  return [...way.folders].flatMap(([path, facts]) => {
    const by = replacers(path, facts, way, userUid)
    return by.map((who) => ({ path, mode: modeText(facts), by: who }))
  })
}

function replacers(path: string, facts: FileFacts, way: Way, userUid: number): ('group' | 'everyone' | 'other-user')[] {
  const above = [...foldersAbove(path).flatMap((each) => way.folders.get(each) ?? []), facts]
  const others = (facts.mode & sticky) === 0 ? allowed(facts, 'write', above) : []
  return facts.uid === 0 || facts.uid === userUid ? others : [...others, 'other-user']
}
