import { dirname } from 'node:path'
import { printable } from '@upkeep/domain/printable'
import { asciiOnly } from '@upkeep/domain/printable-escape'
import { printableJson } from '@upkeep/domain/printable-json'
import type { ToldError } from '../told-error.ts'
import { exitCodes } from './exit-codes.ts'

/** What the process ends with: who asked wrongly, what did not answer, what was stopped, or a defect. */
export function exitCodeOf({ code }: Pick<ToldError, 'code'>): number {
  if (code === 'upstream') return exitCodes['not-evaluated']
  if (code === 'defect' || code === 'stopped') return exitCodes[code]
  return exitCodes.usage
}

/** The lines for a person, or one JSON object for a program. */
export function errorText(told: ToldError, style: { json: boolean; ascii: boolean }): string {
  if (style.json) {
    const { code, failed, means, action } = told
    return `${printableJson({ error: { code, message: failed, means, action } })}\n`
  }
  // Messages are our own words and may take several lines, one for each thing that is wrong.
  const lines = [told.failed, told.means, told.action].map((line) =>
    printable(line, { maxLength: 4_000, newlines: 'keep' }),
  )
  const text = `${lines.join('\n')}\n`
  return style.ascii ? asciiOnly(text) : text
}

const frame = /^\s+at (?:async )?(?:([\w.$<>[\] ]{1,80}) \()?(?:file:\/\/)?([^()\n]{1,500}):(\d{1,7}):(\d{1,7})\)?$/

/** Where a defect happened: frames in files of our own, by path inside the installation; nothing that was read. */
export function ownFrames(error: unknown, root: string): string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  return stack
    .slice(0, 20_000)
    .split('\n')
    .flatMap((line) => {
      const [, name = '', path = '', row = '', column = ''] = frame.exec(line) ?? []
      if (!path.startsWith(root) || path.includes('/node_modules/')) return []
      return [`  at ${name === '' ? '' : `${name} `}${path.slice(root.length + 1)}:${row}:${column}`]
    })
}

/** The installation: two folders above this file in the sources, and above the bundle in a package. */
export function ownRoot(): string {
  return dirname(dirname(import.meta.dirname))
}
