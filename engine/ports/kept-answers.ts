import { createHash } from 'node:crypto'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { AnswersPort } from '@upkeep/contract/ports'
import { z } from 'zod'
import { readCheckedFile, writeCheckedFile } from './checked-file.ts'

const Kept = z.strictObject({ question: z.string(), etag: z.string().nullable(), at: z.string(), text: z.string() })
const maxBytes = 16 << 20
const maxFiles = 5_000

/** Answers kept in a folder, one file each, named by the digest of what was asked. The files that were written longest ago make room. */
export function openAnswers(folder: string): AnswersPort {
  const path = (question: string) => join(folder, `${createHash('sha256').update(question).digest('hex')}.json`)
  let hasRoom = false
  return {
    recall(question) {
      const { data } = Kept.safeParse(readCheckedFile(path(question), maxBytes))
      if (data === undefined || data.question !== question) return null
      return { etag: data.etag, at: data.at, text: data.text }
    },
    keep(question, answer) {
      if (answer.text.length > maxBytes / 4) return
      if (!hasRoom) makeRoom(folder)
      hasRoom = true
      writeCheckedFile(path(question), { question, ...answer })
    },
  }
}

/** Once for each process, so that a fleet that changes does not fill the disk. */
function makeRoom(folder: string): void {
  try {
    const paths = readdirSync(folder).map((name) => join(folder, name))
    if (paths.length < maxFiles) return
    const byAge = paths.map((path) => ({ path, at: statSync(path).mtimeMs })).sort((a, b) => b.at - a.at)
    for (const { path } of byAge.slice(maxFiles / 2)) rmSync(path, { force: true })
  } catch {
    // No folder yet, or another process made room.
  }
}
