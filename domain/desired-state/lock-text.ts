import { type LockedServer, LockFile } from '@upkeep/contract/lock-file'
import { hasHidden } from '../printable.ts'
import { lockKey } from './compare-lock.ts'

/** The text of a lock: one line for each thing, servers in one order, and nothing in it that a reader of a difference would not see. */
export function lockText(servers: readonly LockedServer[]): string {
  const sorted = servers.toSorted((a, b) => (lockKey(a) < lockKey(b) ? -1 : 1))
  const lock: LockFile = { format: 'upkeep-lock/1', madeBy: 'upkeep import', servers: sorted }
  return `${visible(JSON.stringify(lock, null, 2))}\n`
}

/** Reads a lock. `foreign`: it does not say that it is one of ours, and so is nobody's to write over. */
export function readLock(
  text: string,
): { state: 'read'; lock: LockFile } | { state: 'foreign' | 'broken'; reason: string } {
  const tree = parsed(text)
  const isOurs =
    typeof tree === 'object' && tree !== null && 'madeBy' in tree && tree.madeBy === 'upkeep import' && 'format' in tree
  if (!isOurs) return { state: 'foreign', reason: 'it does not say that "upkeep import" made it' }
  const checked = LockFile.safeParse(tree)
  if (checked.success) return twice(checked.data) ?? { state: 'read', lock: checked.data }
  const [issue] = checked.error.issues
  return { state: 'broken', reason: `${issue?.path.join('.') ?? 'it'}: ${issue?.message ?? 'not understood'}` }
}

function twice({ servers }: LockFile): { state: 'broken'; reason: string } | null {
  const keys = servers.map(lockKey)
  const again = keys.find((key, index) => keys.indexOf(key) !== index)
  return again === undefined ? null : { state: 'broken', reason: 'one server stands in it twice' }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** A character that no reader sees is written as JSON writes it with letters: the value stays the same. */
function visible(json: string): string {
  return [...json].map((one) => (one !== '\n' && hasHidden(one) ? escaped(one) : one)).join('')
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
