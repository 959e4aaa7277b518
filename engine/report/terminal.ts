import { ago, stampOf } from '@upkeep/domain/distance'
import { counted, paint, plain, type TerminalStyle, type Tone } from './paint.ts'
import type { Item, ReportModel } from './report-model.ts'
import { layParts, layRows, type Row } from './rows.ts'
import { coverageParts, findingsCommand, itemSummary, ledgerWords, stampsOf, whom } from './words.ts'

export interface TerminalOptions extends TerminalStyle {
  /** Where the full report lies; null when none was written. */
  reportPath: string | null
  /** Things to do that are shown; the others are counted. */
  maxItems: number
}

const maxOthers = 6

const severityTones = { critical: 'red', high: 'red', medium: 'yellow', low: 'cyan' } as const satisfies Record<
  Item['severity'],
  Tone
>

/** The report for a terminal: coverage, what to do, what could not be judged, where the rest is. A quiet day is one line. */
export function renderTerminal(model: ReportModel, options: TerminalOptions): string {
  const stamps = stampsOf(model).flatMap((stamp) => layParts([stamp], options).map((l) => paint(options, 'yellow', l)))
  if (isQuiet(model)) return joined([...stamps, quietLine(model, options)])
  const coverage = layParts(coverageParts(model), options)
  const body = [
    itemRows(model, options),
    unknownRows(model, options),
    passRows(model, options),
    standingRows(model, options),
  ]
    .filter((rows) => rows.length > 0)
    .flatMap((rows) => ['', ...layRows(rows, options)])
  return joined([...stamps, ...coverage, ...body, '', ...layParts(closingParts(model, options), options)])
}

function isQuiet(model: ReportModel): boolean {
  return (
    model.items.length === 0 &&
    model.unknowns.length === 0 &&
    model.coverage.unreadable.length === 0 &&
    model.coverage.servers.length > 0 &&
    model.totals.pass > 0
  )
}

/** What does not fit on the one line is left out, from the end. */
function quietLine(model: ReportModel, options: TerminalOptions): string {
  const [servers = ''] = coverageParts(model)
  const accepted = model.totals.accepted === 0 ? [] : [`${model.totals.accepted} accepted`]
  const parts = [
    `nothing needs you: ${servers}`,
    `${model.totals.pass} passed ${when(model, options)}`,
    ...accepted,
    ledgerWords(model),
  ]
  while (parts.length > 1 && layParts(parts, options).length > 1) parts.pop()
  return layParts(parts, options).join('\n')
}

function when(model: ReportModel, options: TerminalStyle): string {
  const at = model.coverage.observedAt
  if (at === null) return 'never'
  return options.verbose ? `${ago(at, model.at)}, ${stampOf(at)}` : ago(at, model.at)
}

function itemRows(model: ReportModel, options: TerminalOptions): Row[] {
  const shown = model.items.slice(0, options.maxItems)
  const rows = shown.map((item): Row => {
    const seen = options.verbose ? [`first seen ${stampOf(item.firstSeenAt)}, ${ago(item.firstSeenAt, model.at)}`] : []
    return {
      label: item.severity,
      tone: severityTones[item.severity],
      name: whom(item),
      lines: [itemSummary(item), ...seen, `do: ${item.action}`],
      command: findingsCommand(item),
      ...(options.verbose ? {} : { maxLines: 2 }),
    }
  })
  const left = model.items.length - shown.length
  if (left > 0)
    rows.push({ label: 'more', tone: 'dim', name: '', lines: [moreWords(left)], command: 'upkeep findings' })
  return rows
}

function moreWords(left: number): string {
  return left === 1 ? '1 more thing to do' : `${left} more things to do`
}

function unknownRows(model: ReportModel, options: TerminalOptions): Row[] {
  const files = model.coverage.unreadable.map((one) => `${one.subject.id.replace(/^file:/, '')}: ${one.reason}`)
  const groups = model.unknowns.map((group) => {
    const names = group.subjects.slice(0, 3).map((subject) => subject.name)
    const others = group.subjects.length - names.length
    return `${names.join(', ')}${others > 0 ? ` and ${others} more` : ''}: ${group.reason}`
  })
  return [
    ...listRows('could not read', files, 'upkeep doctor', options),
    ...listRows('unknown', groups, 'upkeep findings --unknown', options),
  ]
}

function listRows(label: string, lines: readonly string[], command: string, options: TerminalOptions): Row[] {
  if (lines.length === 0) return []
  const shown = lines.slice(0, options.verbose ? 200 : maxOthers)
  const left = lines.length - shown.length
  const rows = shown.map(
    (line): Row => ({
      label,
      tone: 'yellow',
      name: '',
      lines: [line],
      command: null,
      ...(options.verbose ? {} : { maxLines: 2 }),
    }),
  )
  if (left > 0) rows.push({ label, tone: 'yellow', name: '', lines: [`${left} more`], command })
  return rows
}

/** With `--verbose`: every pass with what proved it. */
function passRows(model: ReportModel, options: TerminalOptions): Row[] {
  if (!options.verbose) return []
  return model.verdicts
    .filter((one) => one.verdict.verdict === 'pass')
    .slice(0, options.maxItems)
    .map(({ duty, verdict }) => ({
      label: 'pass',
      tone: 'green',
      name: verdict.subject.name,
      lines: [`${duty}: ${verdict.passes.join('; ')}`],
      command: null,
    }))
}

function standingRows(model: ReportModel, options: TerminalOptions): Row[] {
  const rows: Row[] = []
  if (model.totals.pass > 0) {
    const of = `${model.totals.pass} of ${counted(model.verdicts.length, 'verdict')}`
    rows.push({
      label: 'passed',
      tone: 'green',
      name: '',
      lines: [of],
      command: options.verbose ? null : 'upkeep status --verbose',
    })
  }
  const [first] = model.accepted.map((one) => one.acceptance.until).sort()
  if (first !== undefined) {
    const lines = [`${counted(model.accepted.length, 'finding')}, the first until ${first.slice(0, 10)}`]
    rows.push({ label: 'accepted', tone: 'dim', name: '', lines, command: 'upkeep findings --accepted' })
  }
  if (model.notAdopted.length > 0) {
    const lines = [`${counted(model.notAdopted.length, 'duty', 'duties')} (profile ${model.profile})`]
    rows.push({ label: 'not adopted', tone: 'dim', name: '', lines, command: 'upkeep duties' })
  }
  return rows
}

function closingParts(model: ReportModel, options: TerminalOptions): string[] {
  const report = options.reportPath === null ? [] : [`full report: ${plain(options, options.reportPath, 400)}`]
  return [
    `${counted(model.totals.findings, 'finding')}, ${model.totals.unknown} unknown`,
    ...(options.verbose ? [`seen ${when(model, options)}`] : []),
    ...report,
    ledgerWords(model),
    ...stampsOf(model).map((stamp) => stamp.split(':')[0] ?? stamp),
  ]
}

function joined(lines: readonly string[]): string {
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}
