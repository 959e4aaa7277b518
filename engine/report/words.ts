import { counted } from './paint.ts'
import type { Coverage, Item, ReportModel } from './report-model.ts'

/** The coverage line in parts: how many, how well known, and what was done to know it. */
export function coverageParts({ coverage, practice }: Pick<ReportModel, 'coverage' | 'practice'>): string[] {
  if (coverage.servers.length === 0) {
    return [`no server found in ${counted(coverage.filesRead, 'configuration file')}`, reachWords(coverage, practice)]
  }
  const { declared, resolved, observed, proven } = coverage.strengths
  const known = [`${resolved} resolved`, `${declared} declared`, `${observed} observed`]
  if (proven > 0) known.push(`${proven} proven`)
  const servers = `${counted(coverage.servers.length, 'server')} in ${counted(coverage.clients.length, 'client')}`
  return [servers, known.join(', '), reachWords(coverage, practice)]
}

function reachWords(coverage: Coverage, practice: boolean): string {
  const sent = [
    coverage.connected === 0 ? null : `${counted(coverage.connected, 'server')} connected to`,
    coverage.registryAsked ? 'the package registry was asked' : null,
  ].filter((one) => one !== null)
  const started = practice ? 'only the practice server was started' : 'nothing was started'
  return sent.length === 0 ? `${started}, nothing was sent` : `${started}; ${sent.join(', ')}`
}

/** What stands on every page and export that is not about the user's own servers at the real time. */
export function stampsOf(model: Pick<ReportModel, 'practice' | 'simulatedClock'>): string[] {
  const stamps: string[] = []
  if (model.practice) stamps.push('PRACTICE: these are the servers of the practice fleet, not yours')
  if (model.simulatedClock) stamps.push('SIMULATED CLOCK: the dates here are not real')
  return stamps
}

/** Whom an item is about: `fs`, or `fs and 2 others`. */
export function whom(item: Pick<Item, 'subjects'>): string {
  const [first, ...others] = item.subjects
  if (first === undefined) return ''
  return others.length === 0 ? first.name : `${first.name} +${others.length}`
}

/** What an item says in one line; where there are several findings the worst speaks, and they are counted. */
export function itemSummary(item: Item): string {
  return item.findings.length === 1 ? item.summary : `${counted(item.findings.length, 'finding')}: ${item.summary}`
}

/** A command that can be copied: a name that a shell or a reader could take amiss gives way to the fingerprint. */
export function findingsCommand(item: Item): string {
  const [subject] = item.subjects
  const name = subject?.name ?? ''
  const safe = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,40}$/.test(name)
  return `upkeep findings ${safe ? name : (item.findings[0]?.statement.fingerprint.slice(0, 12) ?? '')}`.trim()
}

/** What a person reads of one day: `ledger entry 7`. */
export function ledgerWords(model: Pick<ReportModel, 'ledger'>): string {
  return model.ledger.size === 0 ? 'nothing sealed yet' : `ledger entry ${model.ledger.size - 1}`
}
