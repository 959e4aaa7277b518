import { dirname } from 'node:path'
import { UpstreamError, UserError } from '@upkeep/contract/errors'
import { printable } from '@upkeep/domain/printable'
import { asciiOnly } from '@upkeep/domain/printable-escape'
import { printableJson } from '@upkeep/domain/printable-json'
import { exitCodes } from './exit-codes.ts'

/** A failed command as it is told: what failed, what it means for the verdicts, what to do. */
export interface ToldError {
  exitCode: number
  code: string
  failed: string
  means: string
  action: string
}

/** Puts an error into words. Of a defect only its class and code are told: its message may hold anything that was read. */
export function tellError(error: unknown, stopped: boolean): ToldError {
  if (stopped) return stoppedError()
  if (error instanceof UserError) {
    const { code, message, action } = error
    return { exitCode: exitCodes.usage, code, failed: message, means: meaningOf(code), action }
  }
  if (error instanceof UpstreamError) {
    return {
      exitCode: exitCodes['not-evaluated'],
      code: 'upstream',
      failed: `${error.upstream} did not answer as it should.`,
      means: 'What needed it is unknown; earlier verdicts stand.',
      action: 'Run the same command again later.',
    }
  }
  return {
    exitCode: exitCodes.defect,
    code: 'defect',
    failed: `upkeep itself failed: ${classOf(error)}.`,
    means: 'Nothing of this command was recorded; earlier verdicts stand.',
    action: 'Run it again with --debug and report what it prints: it holds no data of yours.',
  }
}

function stoppedError(): ToldError {
  return {
    exitCode: exitCodes.stopped,
    code: 'stopped',
    failed: 'Stopped.',
    means: 'Kept: everything that was sealed before. Undone: this command; nothing of it was recorded.',
    action: 'Run the same command again when you like.',
  }
}

function meaningOf(code: UserError['code']): string {
  return code === 'evidence-invalid' || code === 'state-newer' || code === 'state-unusable'
    ? 'No verdict can be shown from this state until it is put right.'
    : 'Nothing was recorded; earlier verdicts stand.'
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

/** Class and code: the two parts of an error that no input can write. */
function classOf(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is not an error was thrown'
  const name = /^[A-Za-z]{1,40}$/.exec(error.name)?.[0] ?? 'Error'
  const code = 'code' in error && typeof error.code === 'string' ? /^[A-Z0-9_]{1,40}$/.exec(error.code)?.[0] : undefined
  return code === undefined ? name : `${name} (${code})`
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
