import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { FeedFile } from './feed-files.ts'

/** Some of a folder's files, those whose names fall together: one that changed is found without looking through all that is known of the others. */
export interface Block {
  id: number
  files: FeedFile[]
  /** Changes when anything of these files does, as far as the file system tells. */
  stamp: string
}

const most = 1_024
/** The number of a piece tells its block: these many fit in one. */
const room = 2 ** 32

/** A folder's files by blocks, in the order of their numbers; inside a block they keep the order given. */
export function asBlocks(files: Iterable<FeedFile>): Block[] {
  const lists: FeedFile[][] = Array.from({ length: most }, () => [])
  for (const file of files) lists[blockOf(file.relative)]?.push(file)
  return lists.flatMap((list, id) => (list.length === 0 ? [] : [{ id, files: list, stamp: stampOfAll(list) }]))
}

/** FNV-1a: spreads names evenly, and says nothing more of them. */
function blockOf(name: string): number {
  let sum = 0x811c9dc5
  for (let at = 0; at < name.length; at += 1) sum = Math.imul(sum ^ name.charCodeAt(at), 0x01000193)
  return (sum >>> 0) % most
}

function stampOfAll(files: readonly FeedFile[]): string {
  // One call: a call for each of some hundred thousand files would cost as much as hashing them.
  const text = files.map((file) => `${file.relative}\n${file.stamp}\n`).join('')
  return createHash('sha256').update(text).digest('hex')
}

/** The last number that a piece of a block has, or the one before the first. */
export function lastPiece(database: DatabaseSync, block: number): number {
  const [first, end] = [block * room, (block + 1) * room]
  const row = database.prepare('select max(id) last from piece where id >= ? and id < ?').get(first, end)
  return Number(row?.last ?? first)
}

/** Adds up what the pieces of a block came to, in place of what stood there. */
export function settleBlock(database: DatabaseSync, block: number, stamp: string): void {
  const [first, end] = [block * room, (block + 1) * room]
  forgetBlock(database, block)
  const hash = createHash('sha256')
  for (const { name, sha256 } of piecesOf(database, block)) hash.update(`${name}\n${sha256}\n`)
  database.prepare('insert into block (id, stamp, digest) values (?, ?, ?)').run(block, stamp, hash.digest('hex'))
  database
    .prepare(
      `insert into tally (block, form, pieces, records, rejected, quarantined, newest)
       select ?, form, count(*), sum(records), sum(rejected), sum(quarantined), max(newest)
       from piece where id >= ? and id < ? group by form`,
    )
    .run(block, first, end)
}

export function forgetBlock(database: DatabaseSync, block: number): void {
  database.prepare('delete from block where id = ?').run(block)
  database.prepare('delete from tally where block = ?').run(block)
}

/** The pieces of a block, by name. */
export function piecesOf(
  database: DatabaseSync,
  block: number,
): { id: number; name: string; stamp: string; sha256: string }[] {
  return database
    .prepare('select id, name, stamp, sha256 from piece where id >= ? and id < ? order by name')
    .all(block * room, (block + 1) * room)
    .map(({ id, name, stamp, sha256 }) => ({
      id: Number(id),
      name: String(name),
      stamp: String(stamp),
      sha256: String(sha256),
    }))
}

/** The stamps of the blocks that an index holds. */
export function blockStamps(database: DatabaseSync): Map<number, string> {
  const rows = database.prepare('select id, stamp from block').all()
  return new Map(rows.map(({ id, stamp }) => [Number(id), String(stamp)]))
}

/** The digest over everything in a folder: the digests of its blocks, in the order of their numbers. */
export function digestOfBlocks(database: DatabaseSync): string {
  const hash = createHash('sha256')
  for (const { id, digest } of database.prepare('select id, digest from block order by id').all()) {
    hash.update(`${id}\n${digest}\n`)
  }
  return hash.digest('hex')
}
