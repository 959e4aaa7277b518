import type { DatabaseSync } from 'node:sqlite'
import { type Block, blockStamps, forgetBlock, piecesOf, stampOf } from './blocks.ts'
import { latestBelieved } from './feed-sink.ts'
import { openIndex } from './index-file.ts'
import { IndexWriter } from './index-writer.ts'
import { readBlocks } from './read-pieces.ts'

/** What of a folder's index belongs to one piece. */
const ofPiece = [
  'delete from further where advisory in (select id from advisory where piece = ?)',
  'delete from advisory where piece = ?',
  'delete from statement where piece = ?',
  'delete from signal where piece = ?',
  'delete from indicator where piece = ?',
  'delete from issue where piece = ?',
  'delete from piece where id = ?',
]
/** Beyond this share of changed files an index that is made anew is sooner there. */
const mostChanged = 0.3

/**
 * Brings a folder's index up to date in place: only files that are new or changed are read. False when it was left as it was, because
 * too much changed, time was up, or `conclude` found the folder not to be believed.
 */
export async function updateFolder(
  path: string,
  blocks: readonly Block[],
  { at, signal }: { at: string; signal: { readonly aborted: boolean } },
  conclude: (database: DatabaseSync, writer: IndexWriter) => boolean,
): Promise<boolean> {
  const database = openIndex(path, 'write')
  if (database === null) return false
  let kept = false
  try {
    database.exec('begin immediate')
    const { changed, gone } = compare(database, blocks)
    const [all, toRead] = [blocks, changed].map((some) => some.reduce((sum, block) => sum + block.files.length, 0))
    if ((toRead ?? 0) <= Math.max(50, (all ?? 0) * mostChanged)) {
      for (const sql of ofPiece) {
        const statement = database.prepare(sql)
        for (const piece of gone) statement.run(piece)
      }
      const writer = new IndexWriter(database)
      const givenUp = await readBlocks(changed, { writer, latest: latestBelieved(at), signal })
      kept = givenUp === null && conclude(database, writer)
    }
    database.exec(kept ? 'commit' : 'rollback')
  } finally {
    database.close()
  }
  return kept
}

/** The blocks that changed with only those of their files that have to be read, and the pieces of files that changed or are gone. */
function compare(database: DatabaseSync, blocks: readonly Block[]): { changed: Block[]; gone: number[] } {
  const known = blockStamps(database)
  const changed: Block[] = []
  const gone: number[] = []
  for (const block of blocks) {
    if (known.get(block.id) !== block.stamp) changed.push({ ...block, files: filesToRead(database, block, gone) })
    known.delete(block.id)
  }
  for (const empty of known.keys()) {
    for (const { id } of piecesOf(database, empty)) gone.push(id)
    forgetBlock(database, empty)
  }
  return { changed, gone }
}

function filesToRead(database: DatabaseSync, { id, files }: Block, gone: number[]): Block['files'] {
  const stamps = new Map(files.map((file) => [file.relative, stampOf(file)]))
  for (const piece of piecesOf(database, id)) {
    if (stamps.get(piece.name) === piece.stamp) stamps.delete(piece.name)
    else gone.push(piece.id)
  }
  return files.filter((file) => stamps.has(file.relative))
}
