import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import type { FileStamp } from '../ports/files-facts.ts'

/** One file of a feed, by its path relative to the feed. */
export interface FeedFile {
  path: string
  relative: string
  /** What the file system says of it: it changes when the file does. Empty where it says nothing. */
  facts: FileStamp | readonly []
}

/** The facts as text, made only of those files that are read: of some hundred thousand it would cost as much as asking for them. */
export function stampOf({ facts }: FeedFile): string {
  return facts.join(':')
}

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
  const facts = Float64Array.from(files.flatMap((file) => (file.facts.length === 0 ? [-1] : file.facts)))
  // Two calls: two for each of some hundred thousand files would cost as much as hashing them.
  const names = files.map((file) => `${file.relative}\n`).join('')
  return createHash('sha256').update(names).update(facts).digest('hex')
}

/** The number before the first that a piece of a block may have. */
export function beforeFirst(block: number): number {
  return block * room
}

/** What one file of a folder came to. */
export const Piece = z.object({
  id: z.int(),
  name: z.string(),
  stamp: z.string(),
  sha256: z.string(),
  form: z.string().nullable(),
  records: z.int(),
  rejected: z.int(),
  quarantined: z.int(),
  newest: z.string().nullable(),
})
export type Piece = z.infer<typeof Piece>

/** The pieces that an index has of a block. */
export function piecesOf(database: DatabaseSync, block: number): Piece[] {
  return database
    .prepare(
      'select id, name, stamp, sha256, form, records, rejected, quarantined, newest from piece where id > ? and id < ?',
    )
    .all(beforeFirst(block), beforeFirst(block + 1))
    .map((row) => Piece.parse(row))
}

/** Writes what the pieces of a block come to, in place of what stood there. */
export function settleBlock(database: DatabaseSync, block: number, stamp: string, pieces: readonly Piece[]): void {
  forgetBlock(database, block)
  if (pieces.length === 0) return
  const named = pieces.map(({ name, sha256 }) => `${name}\n${sha256}\n`).sort()
  const digest = createHash('sha256').update(named.join('')).digest('hex')
  database.prepare('insert into block (id, stamp, digest) values (?, ?, ?)').run(block, stamp, digest)
  const add = database.prepare(
    'insert into tally (block, form, pieces, records, rejected, quarantined, newest) values (?, ?, ?, ?, ?, ?, ?)',
  )
  for (const [form, some] of Map.groupBy(pieces, (piece) => piece.form ?? '')) {
    const sum = (what: 'records' | 'rejected' | 'quarantined') => some.reduce((total, piece) => total + piece[what], 0)
    const newest = some.flatMap((piece) => piece.newest ?? []).sort()
    add.run(block, form, some.length, sum('records'), sum('rejected'), sum('quarantined'), newest.at(-1) ?? null)
  }
}

/** Forgets what a block came to; its pieces are not touched. */
export function forgetBlock(database: DatabaseSync, block: number): void {
  database.prepare('delete from block where id = ?').run(block)
  database.prepare('delete from tally where block = ?').run(block)
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
