import { ago, stampOf } from '@upkeep/domain/distance'
import { displayWidth } from '@upkeep/domain/printable-width'
import { type AdvisoryWords, advisoryWords, fewOf, withoutScope } from './advisory-words.ts'
import { dueLabel, dueSentence } from './due-words.ts'
import { plain, type Tone, usableWidth } from './paint.ts'
import type { Item, ReportModel } from './report-model.ts'
import type { Row } from './rows.ts'
import type { TerminalOptions } from './terminal-options.ts'
import {
  actionWords,
  closesWords,
  findingsCommand,
  itemSummary,
  limitHead,
  namesOf,
  ownersWords,
  whom,
} from './words.ts'

const usualIndent = 24

const severityTones = { critical: 'red', high: 'red', medium: 'yellow', low: 'cyan' } as const satisfies Record<
  Item['severity'],
  Tone
>

/** What needs a person, worst first; what is beyond the number asked for is counted. */
export function itemRows(model: ReportModel, options: TerminalOptions): Row[] {
  const shown = model.items.slice(0, options.maxItems)
  const rows = shown.flatMap((item) => itemRow(model, item, options))
  const left = model.items.length - shown.length
  if (left > 0)
    rows.push({ label: 'more', tone: 'dim', name: '', lines: [moreWords(left)], command: 'upkeep findings' })
  return rows
}

/** One thing to do: what and why it matters, then what to do about it, with the command at the end of that line. */
function itemRow(model: ReportModel, item: Item, options: TerminalOptions): Row[] {
  const label = item.due === null ? item.severity : dueLabel(item.due, model.at)
  const first = { label, tone: severityTones[item.severity], name: whom(item) }
  const below = { label: '', tone: 'dim' as const, name: '' }
  const cut = options.verbose ? {} : { maxLines: 2 }
  const about = advisoryWords(item)
  const due = options.verbose && item.due !== null ? [dueSentence(item.due)] : []
  const seen = options.verbose
    ? [...due, `first seen ${stampOf(item.firstSeenAt)}, ${ago(item.firstSeenAt, model.at)}`]
    : []
  const who = item.subjects.length > 1 ? [`${closesWords(item)}: ${namesOf(item)}`] : []
  const owner = [ownersWords(item)].filter((words) => words !== null).map((words) => plain(options, words, 240))
  const mind = options.verbose ? item.limits : [item.limits.map(limitHead).join('; ')].filter((text) => text !== '')
  const what: Row[] =
    about === null
      ? [{ ...first, lines: [summaryFor(item, options)], command: null, ...cut }]
      : [
          { ...first, lines: [advisoryLine(about)], command: null },
          {
            ...below,
            lines: [`"${plain(options, about.says, 240)}"`],
            command: null,
            ...(options.verbose ? {} : { maxLines: 1 }),
          },
        ]
  return [
    ...what,
    { ...below, lines: [...seen, ...who, ...owner, ...mind.map((limit) => `mind: ${limit}`)], command: null, ...cut },
    { ...below, lines: [`do: ${actionWords(item)}`], command: findingsCommand(item) },
  ].filter((row) => row.lines.length > 0)
}

/** The name stands before it already; where there is little room, what is in brackets goes first. */
function summaryFor(item: Item, options: TerminalOptions): string {
  const [subject, ...others] = item.subjects
  const text = others.length > 0 ? item.summary : itemSummary(item)
  const own = others.length === 0 && subject !== undefined && text.startsWith(`${subject.name} `)
  const short = own ? text.slice(subject.name.length + 1) : text
  const room = (usableWidth(options) - usualIndent) * 2
  return options.verbose || displayWidth(short) <= room ? short : short.replace(/ \([^()]*\)/g, '')
}

/** Advisory, package and version are what a reader looks up: they wrap, and are not cut. */
function advisoryLine(about: AdvisoryWords): string {
  return `${fewOf(about.ids, 4)} in ${withoutScope(about.package)} ${fewOf(about.versions, 4)}`
}

function moreWords(left: number): string {
  return left === 1 ? '1 more thing to do' : `${left} more things to do`
}
