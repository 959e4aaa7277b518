import { readBackBytes } from './supervisor.ts'

type ReadBack = { state: 'present'; text: string; cut: boolean } | { state: 'absent' } | { state: 'not-a-file' }

/** What the supervisor said. It runs as the hostile program's user: each thing is believed only within bounds. */
export interface Said {
  started: boolean
  exitCode: number | null
  /** The port of a program beside the main one that never listened. */
  notReady: number | null
  readBack: ReadonlyMap<number, ReadBack>
}

/** Most that the supervisor may say: what it reads back, in base64, and a few words. */
export function channelBytes(files: number): number {
  return files * Math.ceil((readBackBytes + 1) * 1.4) + 4_096
}

/** Reads one line of the supervisor into what is known. */
export function hear(said: Said, line: string): Said {
  const [word = '', first = '', state = '', text = ''] = line.split(' ')
  if (word === 'started') return { ...said, started: true }
  if (word === 'ended' && /^\d{1,3}$/.test(first)) return { ...said, exitCode: Number(first) }
  if (word === 'beside' && /^\d{1,5}$/.test(first)) return { ...said, notReady: Number(first) }
  const back = word === 'back' && /^\d{1,4}$/.test(first) ? readBackOf(state, text) : null
  return back === null ? said : { ...said, readBack: new Map([...said.readBack, [Number(first), back]]) }
}

function readBackOf(state: string, text: string): ReadBack | null {
  if (state === 'absent' || state === 'not-a-file') return { state }
  if (state !== 'present') return null
  const bytes = Buffer.from(text, 'base64')
  return {
    state: 'present',
    text: bytes.subarray(0, readBackBytes).toString('utf8'),
    cut: bytes.length > readBackBytes,
  }
}
