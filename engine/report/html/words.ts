import type { VerdictWord } from '@upkeep/contract/verdict'
import { type Markup, markup } from './markup.ts'

/** A status by colour, shape and word at once. */
export type StatusWord = VerdictWord | 'accepted'

const looks = {
  pass: { shape: '●', className: 'pass', word: 'pass' },
  fail: { shape: '▲', className: 'fail', word: 'fail' },
  unknown: { shape: '◌', className: 'unknown', word: 'unknown' },
  'not-applicable': { shape: '–', className: 'plain', word: 'not applicable' },
  accepted: { shape: '◐', className: 'accepted', word: 'accepted' },
} as const satisfies Record<StatusWord, { shape: string; className: string; word: string }>

/** The status badge; `more` follows the word, such as a severity or a day. */
export function statusWord(status: StatusWord, more = ''): Markup {
  const look = looks[status]
  return markup`<span class="word ${look.className}"><span aria-hidden="true">${look.shape}</span> ${look.word}${more}</span>`
}

/** The shape alone, beside a word that says the same. */
export function statusShape(status: StatusWord): Markup {
  return markup`<span aria-hidden="true">${looks[status].shape}</span>`
}

/** What a section leaves out, and the command that shows all. */
export function leftOut(total: number, shown: number, noun: string, command: string): Markup | null {
  if (total <= shown) return null
  return markup`<p class="meta">${shown} of ${total} ${noun} are shown here. All of them: <code>${command}</code></p>`
}
