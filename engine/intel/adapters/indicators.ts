import type { FeedSink, Indicator, ReadContext } from '../feed-sink.ts'
import { hostileRecord } from '../hostile-record.ts'

const maxRows = 1_000_000
const maxSays = 300

const typeWords: Readonly<Record<string, Indicator['type']>> = {
  package: 'package',
  purl: 'package',
  domain: 'domain',
  'domain-name': 'domain',
  hostname: 'domain',
  host: 'domain',
  url: 'url',
  ip: 'ip',
  ipv4: 'ip',
  'ipv4-addr': 'ip',
  ipv6: 'ip',
  'ipv6-addr': 'ip',
  sha256: 'sha256',
  'sha-256': 'sha256',
}
const shapes: Readonly<Record<Indicator['type'], RegExp>> = {
  package: /^pkg:(?:npm|pypi)\/[A-Za-z0-9@%._/-]{1,300}$/,
  domain: /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,20}$/,
  url: /^https?:\/\/[^\s"'<>]{1,2000}$/,
  ip: /^[0-9a-f:.]{2,45}$/,
  sha256: /^[0-9a-f]{64}$/,
}

/** True for a table whose first line names a type and a value. */
export function isIndicatorTable(head: string): boolean {
  const columns = columnsOf(head)
  return columns !== null && columns.type !== -1 && columns.value !== -1
}

/** Reads a table of indicators: `type` and `value`, and a `description` where there is one. */
export function readIndicatorTable(text: string, { latest }: ReadContext, sink: FeedSink): void {
  const columns = columnsOf(text.slice(0, 2_000))
  if (columns === null) {
    sink.problem('its first line names no columns')
    return
  }
  const lines = text.split(/\r?\n/)
  if (lines.length > maxRows) {
    sink.problem(`it holds more than ${maxRows} lines`)
    return
  }
  let header = false
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    if (header) readRow(splitRow(line), columns, `line ${index + 1}`, latest, sink)
    header = true
  }
}

interface Columns {
  type: number
  value: number
  says: number
  date: number
}

function columnsOf(head: string): Columns | null {
  const first = head.split(/\r?\n/).find((line) => line.trim() !== '' && !line.startsWith('#'))
  if (first === undefined || first.length > 1_000) return null
  const names = splitRow(first).map((name) => name.trim().toLowerCase())
  const at = (...wanted: string[]) => names.findIndex((name) => wanted.includes(name))
  return {
    type: at('type', 'indicator_type'),
    value: at('value', 'indicator', 'ioc'),
    says: at('description', 'comment', 'note'),
    date: at('date', 'first_seen', 'modified'),
  }
}

/** A row of a CSV table: quotes around a cell, doubled inside it. */
function splitRow(line: string): string[] {
  const cells: string[] = []
  let cell = ''
  let inQuotes = false
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? ''
    if (character === '"' && inQuotes && line[at + 1] === '"') {
      cell += '"'
      at += 1
    } else if (character === '"') inQuotes = !inQuotes
    else if (character === ',' && !inQuotes) {
      cells.push(cell)
      cell = ''
    } else cell += character
  }
  return [...cells, cell]
}

function readRow(cells: readonly string[], columns: Columns, record: string, latest: string, sink: FeedSink): void {
  const says = cells[columns.says] ?? ''
  const date = cells[columns.date] ?? ''
  const hostile = hostileRecord({ shown: [says], details: [], dates: [date] }, latest)
  if (hostile !== null) {
    sink.quarantine(record, hostile.reason, hostile.until)
    return
  }
  const word = (cells[columns.type] ?? '').trim().toLowerCase()
  putIndicator({ word, value: (cells[columns.value] ?? '').trim(), says, record }, sink)
  if (/^\d{4}-\d\d-\d\d/.test(date)) sink.dated(`${date.slice(0, 10)}T00:00:00Z`)
}

/** Takes an indicator under the word that its feed has for its type, or says why it cannot be one. */
export function putIndicator(
  { word, value, says, record }: { word: string; value: string; says: string; record: string },
  sink: FeedSink,
): void {
  const type = Object.hasOwn(typeWords, word) ? typeWords[word] : undefined
  if (type === undefined) {
    sink.reject(record, 'a type of indicator that is not known')
    return
  }
  const normal = type === 'url' || type === 'package' ? value : value.toLowerCase().replace(/\.$/, '')
  if (value.includes('*')) {
    sink.quarantine(record, 'it names every value at once')
    return
  }
  if (!shapes[type].test(normal)) {
    sink.reject(record, `its value is no ${type}`)
    return
  }
  sink.indicator({ type, value: normal, says: says.slice(0, maxSays) })
}
