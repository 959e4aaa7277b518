import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const defaultBytes = 5_000_000
const keptFiles = 3

/** A file of lines of JSON for its owner alone. A full one becomes `.1`; what is older than `.3` goes. */
export interface LineFile {
  /** Throws where it cannot be written. */
  add(line: object): void
}

export function lineFile(path: string, fullBytes = defaultBytes): LineFile {
  return {
    add(line) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= fullBytes) rotate(path)
      appendFileSync(path, `${JSON.stringify(line)}\n`, { mode: 0o600 })
    },
  }
}

/** The lines that are kept, the newest first. A line that a crash cut off is left out. */
export function linesIn(path: string): unknown[] {
  return [path, ...Array.from({ length: keptFiles }, (_, index) => `${path}.${index + 1}`)].flatMap((one) =>
    textOf(one).split('\n').toReversed().flatMap(parsed),
  )
}

function textOf(path: string): string {
  const isThere = statSync(path, { throwIfNoEntry: false })?.isFile() === true
  return isThere ? readFileSync(path, 'utf8') : ''
}

function parsed(line: string): unknown[] {
  try {
    return line === '' ? [] : [JSON.parse(line)]
  } catch {
    return []
  }
}

function rotate(path: string): void {
  for (let number = keptFiles; number >= 1; number -= 1) {
    const from = number === 1 ? path : `${path}.${number - 1}`
    if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, `${path}.${number}`)
  }
}
