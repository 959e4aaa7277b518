import { tilde } from './home-as-tilde.ts'
import type { ReportModel } from './report-model.ts'
import type { Row } from './rows.ts'
import type { TerminalOptions } from './terminal-options.ts'
import { endingCommand, reasonHead, subjectsWords } from './words.ts'

const maxOthers = 6

/** What could not be read, understood or judged. */
export function unknownRows(model: ReportModel, options: TerminalOptions): Row[] {
  const { unreadable, problems } = model.coverage
  const files = unreadable.map((one) => ({ name: '', text: `${one.subject.id.replace(/^file:/, '')}: ${one.reason}` }))
  const entries = problems.map((one) => ({ name: '', text: `${one.path}, ${one.at}: ${one.problem}` }))
  // A file that could not be read is named once, with the reason.
  const named = new Set(unreadable.map((one) => one.subject.id))
  const others = model.unknowns.filter(
    (group) => !group.subjects.every((subject) => named.has(tilde(subject.id, model.home ?? ''))),
  )
  const groups = others.map((group) => ({
    name: groupName(group),
    text: options.verbose ? group.reason : reasonHead(group.reason),
    command: endingCommand(group.reason),
  }))
  return [
    ...listRows({ label: 'not read', command: 'upkeep doctor' }, [...files, ...entries], options),
    ...listRows({ label: 'unknown', command: 'upkeep findings --unknown' }, groups, options),
  ]
}

function groupName({ subjects }: ReportModel['unknowns'][number]): string {
  const [first, ...others] = subjects
  return first === undefined || others.length === 0 ? (first?.name ?? '') : subjectsWords(subjects)
}

interface Listed {
  name: string
  text: string
  command?: string | undefined
}

/** One line each with the command that ends it; two where no command does. The last of those has the command that shows all. */
function listRows(list: { label: string; command: string }, lines: readonly Listed[], options: TerminalOptions): Row[] {
  const shown = lines.slice(0, options.verbose ? 200 : maxOthers)
  const left = lines.length - shown.length
  const rows = shown.map(
    ({ name, text, command }): Row => ({
      label: list.label,
      tone: 'yellow',
      name,
      lines: [text],
      command: command ?? null,
      ...(options.verbose ? {} : command === undefined ? { maxLines: 2 } : { oneLine: true }),
    }),
  )
  if (left > 0) rows.push({ label: list.label, tone: 'yellow', name: '', lines: [`${left} more`], command: null })
  const last = rows.findLast((row) => row.command === null)
  return rows.map((row) => (row === last ? { ...row, command: list.command } : row))
}
