import type { TerminalStyle } from './paint.ts'

/** How a report is laid out on a terminal. */
export interface TerminalOptions extends TerminalStyle {
  /** Where the full report lies; null when none was written. */
  reportPath: string | null
  /** Things to do that are shown; the others are counted. */
  maxItems: number
}
