import { createHash } from 'node:crypto'

/** A text from outside as it may be stored: at most `max` characters. */
export interface KeptText {
  text: string
  cut: boolean
}

/**
 * Cuts a text to `max` characters. The cut names the length and SHA-256 of the whole, so that a change behind it is still seen as one.
 */
export function keptText(text: string, max: number): KeptText {
  if (text.length <= max) return { text: text.toWellFormed(), cut: false }
  const digest = createHash('sha256').update(text.toWellFormed(), 'utf8').digest('hex')
  return {
    text: `${text.slice(0, max).toWellFormed()} [cut after ${max} of ${text.length} characters; SHA-256 ${digest}]`,
    cut: true,
  }
}
