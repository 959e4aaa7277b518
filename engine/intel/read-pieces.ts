import { type Block, stampOf } from './blocks.ts'
import type { IndexWriter } from './index-writer.ts'
import { tellNotes } from './note-taker.ts'
import type { VettedDocument } from './vet-documents.ts'
import { VetPool } from './vet-pool.ts'

/** Why reading was given up; a feed that is given up keeps what was known of it before. */
export interface GivenUp {
  code: 'malformed' | 'too-large' | 'timed-out' | 'permission-denied' | 'unreachable'
  reason: string
  signature?: 'failed' | undefined
}

export interface ReadCall {
  writer: IndexWriter
  latest: string
  signal: { readonly aborted: boolean }
}

export const outOfTime: GivenUp = { code: 'timed-out', reason: 'time was up before all of it was read' }

/** Reads files of a folder block by block, each file a piece of its own. */
export async function readBlocks(blocks: readonly Block[], call: ReadCall): Promise<GivenUp | null> {
  const documents = blocks.reduce((sum, { files }) => sum + files.length, 0)
  const pool = new VetPool({ latest: call.latest, zip: null, documents })
  try {
    const vetted = pool.inOrder(blocks)
    for (const block of blocks) {
      const { value } = await vetted.next()
      if (call.signal.aborted) return outOfTime
      writeBlock(block, value ?? [], call.writer)
    }
    return null
  } finally {
    await pool.close()
  }
}

function writeBlock({ id, files, stamp }: Block, documents: readonly VettedDocument[], writer: IndexWriter): void {
  writer.openBlock(id)
  for (const [index, { notes, sha256, form }] of documents.entries()) {
    const file = files[index]
    if (file === undefined) continue
    writer.begin(file.relative, stampOf(file))
    tellNotes(notes, writer)
    writer.end(sha256, form)
  }
  writer.closeBlock(stamp)
}
