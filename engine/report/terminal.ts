import { ago, stampOf } from '@upkeep/domain/distance'
import { homeAsTilde } from './home-as-tilde.ts'
import { counted, paint, plain, type TerminalStyle } from './paint.ts'
import type { ReportModel } from './report-model.ts'
import { layBlocks, layParts, type Row } from './rows.ts'
import { itemRows } from './terminal-items.ts'
import type { TerminalOptions } from './terminal-options.ts'
import { unknownRows } from './terminal-unknowns.ts'
import { changesWords, coverageParts, ledgerWords, stampsOf } from './words.ts'

/** The report for a terminal: coverage, what to do, what could not be judged, where the rest is. A quiet day is one line. */
export function renderTerminal(whole: ReportModel, options: TerminalOptions): string {
  const model = homeAsTilde(whole)
  const stamps = stampsOf(model).flatMap((stamp) => layParts([stamp], options).map((l) => paint(options, 'yellow', l)))
  if (isQuiet(model)) return joined([...stamps, quietLine(model, options)])
  const blocks = [
    itemRows(model, options),
    unknownRows(model, options),
    [...passRows(model, options), ...standingRows(model, options)],
  ]
  const body = layBlocks(blocks, options)
  return joined([
    ...stamps,
    ...layParts(coverageParts(model), options),
    ...(body.length === 0 ? [] : ['', ...body]),
    '',
    ...layParts(closingParts({ ...model, items: whole.items }, options), options),
  ])
}

function isQuiet(model: ReportModel): boolean {
  return (
    model.items.length === 0 &&
    model.unknowns.length === 0 &&
    model.coverage.unreadable.length === 0 &&
    model.coverage.problems.length === 0 &&
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
  if (model.coverage.servers.length === 0)
    rows.push({ label: 'next', tone: 'dim', name: '', lines: ['where it was looked'], command: 'upkeep doctor' })
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
    const lines = [`${model.notAdopted.length} not adopted (profile ${model.profile})`]
    rows.push({ label: 'duties', tone: 'dim', name: '', lines, command: 'upkeep duties' })
  }
  return rows
}

function closingParts(model: ReportModel, options: TerminalOptions): string[] {
  const report = options.reportPath === null ? [] : [`full report: ${plain(options, options.reportPath, 400)}`]
  return [
    `${counted(model.totals.findings, 'finding')}, ${model.totals.unknown} unknown`,
    ...(reachesBeyond(model) ? [changesWords(model.items)].filter((words) => words !== null) : []),
    ...(options.verbose ? [`seen ${when(model, options)}`] : []),
    ...report,
    ledgerWords(model),
    ...stampsOf(model).map((stamp) => stamp.split(':')[0] ?? stamp),
  ]
}

/** Whether something lies outside the home of whoever asks, as with `--homes`: in one's own the sum says nothing new. */
function reachesBeyond({ home, items }: ReportModel): boolean {
  const places = items.flatMap((item) => item.places)
  return home === null || places.some((place) => place !== home && !place.startsWith(`${home}/`))
}

function joined(lines: readonly string[]): string {
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}
