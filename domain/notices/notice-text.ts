import type { MessageKind, Notice } from '@upkeep/contract/notify'
import { printable } from '../printable.ts'

const words: Record<MessageKind, string> = {
  'emergency-asked': 'Is it an emergency?',
  'emergency-opened': 'Emergency opened',
  'emergency-contained': 'Emergency contained',
  'emergency-not-contained': 'Emergency NOT contained',
  'enforcement-reverted': 'Set back',
  'change-applied': 'Change made',
  'change-rolled-back': 'Change taken back',
  'change-not-made': 'Change NOT made in its time',
  alarm: 'Alarm',
  'taken-on': 'Taken on',
  resolved: 'Over',
  digest: 'Digest',
  invitation: 'Calendar',
  test: 'Test',
}

const maxLines = 40
const maxLine = 300
const maxNames = 50

/**
 * What is told in one line: whatever the title holds, it stays one line, and nothing in it can be followed. `emergency-opened` and
 * the like are in the words that people see.
 */
export function subjectOf({ event, title, rehearsal }: Pick<Notice, 'event' | 'title' | 'rehearsal'>): string {
  return `${rehearsal ? 'REHEARSAL: ' : ''}${words[event]}: ${plainText(title)}`
}

/** The rest, a line each: facts, details, what shows more. Bounded. */
export function linesOf(notice: Notice): { facts: { name: string; value: string }[]; details: string[]; more: string } {
  const { at, severity, servers, owners, details, more, rehearsal } = notice
  const facts = [
    ...(rehearsal ? [{ name: 'rehearsal', value: 'practice: nothing is wrong, and nothing is written' }] : []),
    { name: 'at', value: at },
    ...(severity === null ? [] : [{ name: 'severity', value: severity }]),
    ...named('servers', servers),
    ...named('answered for by', owners),
  ]
  const shown = details.slice(0, maxLines).map((line) => plainText(line))
  const left = details.length - shown.length
  return { facts, details: left > 0 ? [...shown, `${left} more lines`] : shown, more: plainText(more) }
}

function named(name: string, all: readonly string[]): { name: string; value: string }[] {
  if (all.length === 0) return []
  const shown = all.slice(0, maxNames).map((one) => plainText(one, 100))
  const left = all.length - shown.length
  return [{ name, value: `${shown.join(', ')}${left > 0 ? ` and ${left} more` : ''}` }]
}

/**
 * Text from outside for programs that make links of what looks like one: on one line, nothing hidden, bounded, and addresses written so that they
 * can be read and not followed.
 */
export function plainText(text: string, maxLength = maxLine): string {
  return printable(text, { maxLength })
    .replaceAll('://', '[:]//')
    .replaceAll(/\b(www)\./gi, '$1[.]')
    .replaceAll(/\b(mailto|tel|javascript|data|file):/gi, '$1[:]')
}
