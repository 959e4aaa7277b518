import { fewOf } from './advisory-words.ts'
import { counted } from './paint.ts'
import type { Coverage, Item, ReportModel } from './report-model.ts'

/** The coverage line in parts: how many, how well known, and what was done to know it. */
export function coverageParts({ coverage, practice }: Pick<ReportModel, 'coverage' | 'practice'>): string[] {
  const { declared, resolved, observed, proven } = coverage.strengths
  const reach = reachWords(coverage, practice)
  const unread = unreadWords(coverage)
  if (coverage.servers.length === 0) {
    const read = `no server found in ${counted(coverage.filesRead, 'configuration file')}`
    if (unread === null) return [read, reach]
    return coverage.filesRead === 0 ? [unread, 'no server seen', reach] : [unread, read, reach]
  }
  const known = [`${resolved} resolved`, `${declared} declared`, `${observed} observed`]
  if (proven > 0) known.push(`${proven} proven`)
  const servers = `${counted(coverage.servers.length, 'server')} in ${counted(coverage.clients.length, 'client')}`
  return [servers, ...(unread === null ? [] : [unread]), known.join(', '), reach]
}

/** What could not be read is said in the first line: it is a part of what was looked at. */
export function unreadWords(coverage: Pick<Coverage, 'unreadable'>): string | null {
  const gateways = coverage.unreadable.filter(({ subject }) => /^file:https?:/.test(subject.id)).length
  const files = coverage.unreadable.length - gateways
  const words = [
    ...(files === 0 ? [] : [`${counted(files, 'file')} could not be read`]),
    ...(gateways === 0 ? [] : [`${counted(gateways, 'gateway')} could not be asked`]),
  ]
  return words.length === 0 ? null : words.join(', ')
}

function reachWords(coverage: Coverage, practice: boolean): string {
  const sent = [
    coverage.connected === 0 ? null : `${counted(coverage.connected, 'server')} connected to`,
    coverage.gatewaysAsked === 0 ? null : `${counted(coverage.gatewaysAsked, 'gateway')} asked`,
    coverage.registryAsked ? 'the package registry was asked' : null,
  ].filter((one) => one !== null)
  const inSandbox =
    coverage.started === 0 ? 'nothing was started' : `${counted(coverage.started, 'server')} started in the sandbox`
  const started = practice ? 'only the practice server was started' : inSandbox
  return sent.length === 0 ? `${started}, nothing was sent` : `${started}; ${sent.join(', ')}`
}

/** What stands on every page and export that is not about the user's own servers at the real time. */
export function stampsOf(model: Pick<ReportModel, 'practice' | 'simulatedClock'>): string[] {
  const stamps: string[] = []
  if (model.practice) stamps.push('PRACTICE: these are the servers of the practice fleet, not yours')
  if (model.simulatedClock) stamps.push('SIMULATED CLOCK: the dates here are not real')
  return stamps
}

/** Whom an item is about: `fs`, or `fs +2`. */
export function whom(item: Pick<Item, 'subjects'>): string {
  const [first, ...others] = item.subjects
  if (first === undefined) return ''
  return others.length === 0 ? first.name : `${first.name} +${others.length}`
}

/** What an item says in one line; where there are several findings the worst speaks, and they are counted. */
export function itemSummary(item: Item): string {
  return item.findings.length === 1 ? item.summary : `${counted(item.findings.length, 'finding')}: ${item.summary}`
}

/** What one change comes to: `1 change in 2 files closes 3 findings in 3 servers`. */
export function closesWords(item: Pick<Item, 'changes' | 'findings' | 'subjects'>): string {
  const found = `${counted(item.findings.length, 'finding')} in ${subjectsWords(item.subjects)}`
  const files = new Set(item.changes.map((change) => change.path)).size
  if (files === 0) return found
  return `1 change${files > 1 ? ` in ${files} files` : ''} closes ${found}`
}

/** What all changes come to over several homes: `12 changes close 4310 findings in 380 homes and projects`; null in one. */
export function changesWords(items: readonly Item[]): string | null {
  const changing = items.filter((item) => item.changes.length > 0)
  const places = new Set(changing.flatMap((item) => item.places))
  if (places.size < 2) return null
  const findings = changing.reduce((sum, item) => sum + item.findings.length, 0)
  const close = changing.length === 1 ? 'closes' : 'close'
  return `${counted(changing.length, 'change')} ${close} ${counted(findings, 'finding')} in ${places.size} homes and projects`
}

/** Who answers for an item, in a few words; null where nobody is named. */
export function ownersWords({ owners }: Pick<Item, 'owners'>): string | null {
  return owners.length === 0 ? null : `owner: ${fewOf(owners, 5)}`
}

/** `3 servers`; `3 subjects` where they are of different kinds. The fleet counts only where it stands alone: it is the others. */
export function subjectsWords(all: Item['subjects']): string {
  const parts = all.filter((subject) => subject.kind !== 'fleet')
  const subjects = parts.length === 0 ? all : parts
  const kinds = new Set(subjects.map((subject) => subject.kind))
  const [kind = 'subject'] = kinds.size === 1 ? kinds : ['subject']
  return kind === 'person' ? counted(subjects.length, 'person', 'people') : counted(subjects.length, kind)
}

/** The servers, files or people of an item by name, in the order of the alphabet. */
export function namesOf(item: Pick<Item, 'subjects'>, most = 8): string {
  return fewOf([...new Set(item.subjects.map((subject) => subject.name))].sort(), most)
}

/** What is to be done, without the limits that stand in lines of their own. */
export function actionWords(item: Pick<Item, 'action' | 'limits'>): string {
  const [first] = item.limits
  const cut = first === undefined ? -1 : item.action.indexOf(first)
  if (cut < 0) return item.action
  return item.action.slice(0, cut).replace(/ Mind: $/, '')
}

/** The head of a limit: what comes before its explanation. */
export function limitHead(limit: string): string {
  return limit.split(/: | \(/)[0] ?? limit
}

/** A command that can be copied: a name that a shell or a reader could take amiss gives way to the fingerprint. */
export function findingsCommand(item: Item): string {
  const [subject] = item.subjects
  const name = subject?.name ?? ''
  const safe = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,40}$/.test(name)
  return `upkeep findings ${safe ? name : (item.findings[0]?.statement.fingerprint.slice(0, 12) ?? '')}`.trim()
}

/** The command that ends an unknown, where its reason names one. Nothing that came from outside becomes a command. */
export function endingCommand(reason: string): string | undefined {
  if (reason.includes('no feed of the whole ecosystem')) return 'upkeep feeds import'
  const known = [
    'upkeep baseline accept',
    'upkeep scan --probe',
    'upkeep scan --online',
    'upkeep doctor',
    'upkeep scan',
  ]
  const named = known.find((command) => reason.includes(command))
  if (named !== undefined) return named
  if (reason.includes('scan with --probe')) return 'upkeep scan --probe'
  return /\bwith --online\b/.test(reason) ? 'upkeep scan --online' : undefined
}

/** A reason in short: its first part, without the advice that its command stands for. */
export function reasonHead(reason: string): string {
  const [head = reason] = reason.split('; ')
  return head.replace(/: (?:upkeep|list it) .*$/, '')
}

/** What a person reads of one day: `ledger entry 7`. */
export function ledgerWords(model: Pick<ReportModel, 'ledger'>): string {
  return model.ledger.size === 0 ? 'nothing sealed yet' : `ledger entry ${model.ledger.size - 1}`
}
