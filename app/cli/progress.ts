import { terminalText } from '@upkeep/domain/printable-escape'
import { fitWidth } from '@upkeep/domain/printable-width'

/** Where progress is written: one line that is replaced, on a terminal only. */
export interface ProgressLine {
  say(what: string): void
  /** Says a whole line that stays, terminal or not. */
  tell(line: string): void
  /** Takes the line away, before anything else is printed. */
  clear(): void
}

interface Screen {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

const everyMs = 200

/** One line for the running thing with its elapsed seconds. Where the reader is not a terminal it says nothing at all. */
export function progressLine(screen: Screen, ascii: boolean): ProgressLine {
  const whole = (line: string) => void screen.write(`${terminalText(line, { ascii, maxLength: 8_000 })}\n`)
  if (screen.isTTY !== true) return { say: () => {}, tell: whole, clear: () => {} }
  let current = ''
  let since = 0
  let timer: NodeJS.Timeout | null = null
  function draw(): void {
    const seconds = Math.floor((performance.now() - since) / 1_000)
    const elapsed = seconds < 1 ? '' : ` ${seconds} s`
    const room = Math.max(20, (screen.columns || 80) - elapsed.length - 1)
    screen.write(`\r\u001b[2K${fitWidth(terminalText(current, { ascii }), room)}${elapsed}`)
  }
  return {
    say(what) {
      if (what === current) return
      current = what
      since = performance.now()
      timer ??= setInterval(draw, everyMs).unref()
      draw()
    },
    tell(line) {
      screen.write('\r\u001b[2K')
      whole(line)
    },
    clear() {
      if (timer === null) return
      clearInterval(timer)
      timer = null
      current = ''
      screen.write('\r\u001b[2K')
    },
  }
}
