import type { TerminalStyle } from '@upkeep/engine/report/paint'
import type { GlobalOptions } from './global-options.ts'

/** What the terminal can show, from its own facts, the environment and what was asked. */
export function styleOf(
  screen: { isTTY?: boolean; columns?: number },
  env: Readonly<Record<string, string | undefined>>,
  asked: Pick<GlobalOptions, 'color' | 'ascii' | 'verbose'>,
): TerminalStyle {
  const colour =
    screen.isTTY === true && asked.color && env.TERM !== 'dumb' && (env.NO_COLOR === undefined || env.NO_COLOR === '')
  return { width: widthOf(screen, env), colour, ascii: asked.ascii || isAsciiLocale(env), verbose: asked.verbose }
}

function widthOf(screen: { columns?: number }, env: Readonly<Record<string, string | undefined>>): number {
  const asked = Number(env.COLUMNS)
  // A terminal that does not know its size says 0.
  return screen.columns || (Number.isInteger(asked) && asked > 0 ? asked : 80)
}

/** Only a locale that names another character set says so; none at all is how containers are, and they show UTF-8. */
function isAsciiLocale(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || ''
  return locale !== '' && !/utf-?8/i.test(locale)
}
