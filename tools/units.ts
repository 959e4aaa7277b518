import { join } from 'node:path'

/** The repository's root: every generator works from it. */
export const root = join(import.meta.dirname, '..')

/** Where generated text stands in a page written by hand. */
export const markers = (name: string) => ({ start: `<!-- generated: ${name} -->`, end: '<!-- /generated -->' })

/**
 * A page with the text between the markers of that name replaced.
 *
 * @throws Error when the page lacks the markers.
 */
export function withGenerated(page: string, name: string, text: string): string {
  const { start, end } = markers(name)
  const from = page.indexOf(start)
  const to = page.indexOf(end, from)
  if (from < 0 || to < 0) throw new Error(`the page has no place marked "${start}" … "${end}"`)
  return `${page.slice(0, from + start.length)}\n${text.trim()}\n${page.slice(to)}`
}
