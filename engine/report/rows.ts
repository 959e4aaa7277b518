import { displayWidth, fitWidth, padWidth, wrapWidth } from '@upkeep/domain/printable-width'
import { paint, plain, type TerminalStyle, type Tone, usableWidth } from './paint.ts'

/** One entry of a terminal list: a label, a name, lines of text, and the command that takes it further. */
export interface Row {
  label: string
  tone: Tone
  name: string
  lines: readonly string[]
  command: string | null
  /** Terminal lines that each of `lines` may take; what is cut ends in `…`, and `command` shows it. */
  maxLines?: number
  /** The text and its command share one line; where it is too long the text is cut. */
  oneLine?: boolean
}

const margin = 2
const gap = 2
const leastText = 24

/** Rows in columns: labels and names left, text wrapped in what is left of the width, the command at the end of the last line. */
export function layRows(rows: readonly Row[], style: TerminalStyle): string[] {
  return layBlocks([rows], style)
}

/** Several lists one below the other, in the same columns. */
export function layBlocks(blocks: readonly (readonly Row[])[], style: TerminalStyle): string[] {
  const shown = blocks
    .filter((rows) => rows.length > 0)
    .map((rows) => rows.map((row) => ({ ...row, name: plain(style, row.name, 60) })))
  const label = columnWidth(shown.flat().map((row) => row.label))
  const name = Math.min(20, columnWidth(shown.flat().map((row) => row.name)))
  return shown.flatMap((rows, index) => [
    ...(index === 0 ? [] : ['']),
    ...rows.flatMap((row) => layRow(row, { label, name }, style)),
  ])
}

function columnWidth(texts: readonly string[]): number {
  const widest = Math.max(0, ...texts.map(displayWidth))
  return widest === 0 ? 0 : widest + gap
}

function layRow(row: Row, columns: { label: number; name: number }, style: TerminalStyle): string[] {
  const indent = margin + columns.label + columns.name
  const room = usableWidth(style) - indent
  const command = row.oneLine === true && row.command !== null ? displayWidth(row.command) + gap : 0
  // Where a command would leave no room to say anything, it takes a line of its own.
  const line = room - command >= leastText ? room - command : room
  const most = row.oneLine === true ? 1 : row.maxLines
  const texts = row.lines.flatMap((text) => wrapped(text, line, most, style))
  const body = endWithCommand(texts, row.command, room, style)
  const label = paint(style, row.tone, padWidth(row.label, columns.label))
  const name =
    columns.name === 0 ? '' : paint(style, 'bold', padWidth(fit(row.name, columns.name, style), columns.name))
  const head = `${' '.repeat(margin)}${label}${name}`
  return body.map((line, index) => (index === 0 ? head : ' '.repeat(indent)) + line)
}

function fit(text: string, columns: number, style: TerminalStyle): string {
  const cut = fitWidth(text, columns - gap)
  return style.ascii ? cut.replace('…', '.') : cut
}

/** A text in lines of the given width, cut after so many of them. */
function wrapped(text: string, room: number, maxLines: number | undefined, style: TerminalStyle): string[] {
  const lines = wrapWidth(plain(style, text, 600), room)
  if (maxLines === undefined || lines.length <= maxLines) return lines
  const more = style.ascii ? '...' : '…'
  const last = cutAtWord(lines[maxLines - 1] ?? '', room - displayWidth(more) - 1)
  return [...lines.slice(0, maxLines - 1), `${last.trimEnd()} ${more}`]
}

/** Cut between words, or inside one where that would leave less than half of the line. */
function cutAtWord(line: string, cells: number): string {
  const cut = fitWidth(line, cells).replace(/…$/, '')
  const whole = cut === line ? cut : cut.replace(/\S*$/, '')
  return displayWidth(whole) * 2 >= cells ? whole : cut
}

/** The command stands at the right end of the last line, or alone below it where there is no room. */
function endWithCommand(texts: string[], command: string | null, room: number, style: TerminalStyle): string[] {
  if (command === null) return texts
  const shown = paint(style, 'cyan', command)
  const last = texts.at(-1) ?? ''
  const space = room - displayWidth(last) - displayWidth(command)
  if (texts.length > 0 && space >= gap) return [...texts.slice(0, -1), `${last}${' '.repeat(space)}${shown}`]
  return [...texts, `${' '.repeat(Math.max(0, room - displayWidth(command)))}${shown}`]
}

/** Parts in one line with dots between, broken between parts where the line is full. */
export function layParts(parts: readonly string[], style: TerminalStyle): string[] {
  const dot = style.ascii ? ' - ' : ' · '
  const lines: string[] = []
  let line = ''
  for (const part of parts.map((one) => plain(style, one, 500))) {
    const longer = line === '' ? part : `${line}${dot}${part}`
    if (line !== '' && displayWidth(longer) > usableWidth(style)) {
      lines.push(line)
      line = part
    } else line = longer
  }
  return line === '' ? lines : [...lines, line]
}
