import type { TranscriptLine } from '@upkeep/contract'

const maxBytes = 4 << 20
const maxLine = 64 << 10

/** What went in and came out, with times, within bounds. */
export interface Transcript {
  add(way: TranscriptLine['way'], line: string, atMs: number): void
  lines(): readonly TranscriptLine[]
  isCut(): boolean
}

export function openTranscript(): Transcript {
  const kept: TranscriptLine[] = []
  let room = maxBytes
  let cut = false
  return {
    add(way, line, atMs) {
      const short = line.slice(0, maxLine)
      room -= short.length + 32
      if (room < 0) cut = true
      else
        kept.push({
          way,
          atMs: way === 'in' ? Math.floor(atMs) : Math.ceil(atMs),
          line: short,
          cut: short.length < line.length,
        })
      if (short.length < line.length) cut = true
    },
    lines: () => kept,
    isCut: () => cut,
  }
}
