import type { FeedSink, ReadContext } from '../feed-sink.ts'

const maxRows = 2_000_000
const scoreDate = /score_date:(\d{4}-\d\d-\d\d)/
const cve = /^CVE-\d{4}-\d{4,19}$/
const share = /^(?:0|1|0?\.\d{1,12}|0\.\d{1,12}|1\.0{1,12}|\d(?:\.\d{1,12})?e-\d{1,3})$/i

/** True for the text of an EPSS export, with or without its line about the model. */
export function isEpss(head: string): boolean {
  return /^(?:#[^\n]{0,300}\n)?cve,epss,percentile\r?\n/.test(head)
}

/** Reads EPSS scores: one line for each CVE. A line that is cut off in the middle is rejected by its number. */
export function readEpss(text: string, context: ReadContext, sink: FeedSink): void {
  const dated = scoreDate.exec(text.slice(0, 300))?.[1]
  if (dated !== undefined && dated > context.latest) {
    sink.problem(`it is dated ahead of this clock, ${dated}`)
    return
  }
  if (dated !== undefined) sink.dated(`${dated}T00:00:00Z`)
  let line = 0
  for (let from = 0; from < text.length; line += 1) {
    const end = text.indexOf('\n', from)
    const row = text.slice(from, end === -1 ? text.length : end)
    from = end === -1 ? text.length : end + 1
    if (line >= maxRows) {
      sink.problem(`it holds more than ${maxRows} lines`)
      return
    }
    if (!row.startsWith('#') && !row.startsWith('cve,') && row !== '') readRow(row, line + 1, sink)
  }
}

function readRow(row: string, line: number, sink: FeedSink): void {
  const [id = '', score = '', percentile = '', ...more] = row.trimEnd().split(',')
  if (more.length > 0 || !cve.test(id) || !share.test(score) || !share.test(percentile)) {
    sink.reject(`line ${line}`, 'not a CVE with a score and a percentile between 0 and 1')
    return
  }
  // Three digits: a score moves a little every day, which should not look like news.
  const facts = { score: rounded(Number(score)), percentile: rounded(Number(percentile)) }
  sink.signal(id, { kind: 'epss', facts })
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
