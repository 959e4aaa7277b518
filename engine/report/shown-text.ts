import { printable } from '@upkeep/domain/printable'

/** Text from outside as an export for programs carries it: bounded, nothing hidden. */
export function shownText(text: string, maxLength = 1_000): string {
  return printable(text, { maxLength })
}
