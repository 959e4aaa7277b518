import { htmlText } from '@upkeep/domain/printable-escape'

/** HTML that is safe by construction: made here and nowhere else from escaped text and other markup. */
export interface Markup {
  readonly html: string
}

type Part = Markup | string | number | null | readonly Part[]

/** Text in a template is escaped and shown with its hidden characters as marks; only other markup goes in as it is. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return {
    html: strings.map((text, index) => text + (index < parts.length ? written(parts[index] ?? null) : '')).join(''),
  }
}

function written(part: Part): string {
  if (part === null) return ''
  if (typeof part === 'string') return htmlText(part, { maxLength: 600 })
  if (typeof part === 'number') return String(part)
  return 'html' in part ? part.html : part.map(written).join('')
}

/** A text that may be long, cut at a stated length. */
export function long(text: string, maxLength: number, newlines: 'mark' | 'keep' = 'mark'): Markup {
  return { html: htmlText(text, { maxLength, newlines }) }
}

/** An id for a place in the page, and for links to it, from a digest, an id or a counter. */
export function anchor(kind: string, id: string): string {
  return `${kind}-${id.replace(/[^A-Za-z0-9]/g, (character) => `-${(character.codePointAt(0) ?? 0).toString(16)}`)}`
}

/** A path or URL that may break after a slash and nowhere else. */
export function pathText(text: string): Markup {
  const parts = text.slice(0, 600).split(/(?<=[/\\])/)
  return {
    html: `<span class="mono path">${parts.map((part) => htmlText(part, { maxLength: 600 })).join('<wbr>')}</span>`,
  }
}
