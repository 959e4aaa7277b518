import type { DatabaseSync } from 'node:sqlite'
import type { FeedFile } from './feed-files.ts'
import { latestBelieved } from './feed-sink.ts'
import { openIndex } from './index-file.ts'
import { IndexWriter } from './index-writer.ts'
import { readFiles } from './read-pieces.ts'

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
  files: readonly FeedFile[],
  { at, signal }: { at: string; signal: { readonly aborted: boolean } },
  conclude: (database: DatabaseSync, writer: IndexWriter) => boolean,
): Promise<boolean> {
  const database = openIndex(path, 'write')
  if (database === null) return false
  let kept = false
  try {
    database.exec('begin immediate')
    const { changed, gone } = compare(database, files)
    if (changed.length <= Math.max(50, files.length * mostChanged)) {
      for (const sql of ofPiece) {
        const statement = database.prepare(sql)
        for (const piece of gone) statement.run(piece)
      }
      const writer = new IndexWriter(database)
      const givenUp = await readFiles(changed, { writer, latest: latestBelieved(at), signal, expected: [] })
      kept = givenUp === null && conclude(database, writer)
    }
    database.exec(kept ? 'commit' : 'rollback')
  } finally {
    database.close()
  }
  return kept
}

/** The files to read, and the pieces to take out: those of files that changed or are gone. */
function compare(database: DatabaseSync, files: readonly FeedFile[]): { changed: FeedFile[]; gone: number[] } {
  const stamps = new Map(files.map((file) => [file.relative, file.stamp]))
  const gone: number[] = []
  for (const { id, name, stamp } of database.prepare('select id, name, stamp from piece').iterate()) {
    const key = String(name)
    if (stamps.get(key) === stamp) stamps.delete(key)
    else gone.push(Number(id))
  }
  return { changed: files.filter((file) => stamps.has(file.relative)), gone }
}
