import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { LogsPort, LogWatch, Refusal } from '@upkeep/contract'
import { errorCode, refuse } from './network-refusal.ts'

const pollMs = 100
const maxBytes = 4 << 20

/** Where in which file reading goes on. */
interface Place {
  inode: bigint
  offset: number
}

/** Follows log files that the owner named. Reads only what is appended, at most 4 MiB of it, and never waits on a pipe. */
export function createLogsPort(): LogsPort {
  return {
    async watch(path) {
      const start = await placeAtEnd(path)
      return 'state' in start ? start : { state: 'watching', appeared: appearing(path, start) }
    },
  }
}

function appearing(path: string, start: Place): LogWatch['appeared'] {
  return async (texts, withinMs) => {
    const wanted = texts.map((text) => text.toLowerCase())
    const begunAt = performance.now()
    let place = start
    let tail = ''
    let room = maxBytes
    while (true) {
      const read = await readOn(path, place, room)
      if ('state' in read) return read
      place = read.place
      room -= read.text.length
      tail = `${tail}${read.text}`.toLowerCase()
      const afterMs = Math.round(performance.now() - begunAt)
      if (wanted.some((text) => tail.includes(text))) return { state: 'appeared', afterMs }
      if (room <= 0) return refuse('too-large', `more than ${maxBytes} bytes were written while it was watched`)
      if (afterMs >= withinMs) return { state: 'not-appeared' }
      tail = tail.slice(tail.lastIndexOf('\n') + 1)
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
  }
}

async function placeAtEnd(path: string): Promise<Place | Refusal> {
  const found = await withFile(path, async (file) => {
    const { ino, size } = await file.stat({ bigint: true })
    return { inode: ino, offset: Number(size) }
  })
  return found ?? { inode: 0n, offset: 0 }
}

/** What was appended since; from the start where the file was replaced or cut. Nothing while there is no file. */
async function readOn(path: string, place: Place, room: number): Promise<{ text: string; place: Place } | Refusal> {
  const found = await withFile(path, async (file) => {
    const { ino, size } = await file.stat({ bigint: true })
    const replaced = ino !== place.inode || Number(size) < place.offset
    const offset = replaced ? 0 : place.offset
    const buffer = Buffer.alloc(Math.max(0, Math.min(Number(size) - offset, room)))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, offset)
    return { text: buffer.toString('latin1', 0, bytesRead), place: { inode: ino, offset: offset + bytesRead } }
  })
  return found ?? { text: '', place }
}

async function withFile<Result>(
  path: string,
  use: (file: FileHandle) => Promise<Result>,
): Promise<Result | Refusal | null> {
  let file: FileHandle | null = null
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    if (!(await file.stat()).isFile()) return refuse('not-a-file', 'the log is not a regular file')
    return await use(file)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT') return null
    return refuse(code === 'EACCES' ? 'permission-denied' : 'collector-failed', `the log cannot be read (${code})`)
  } finally {
    await file?.close()
  }
}
