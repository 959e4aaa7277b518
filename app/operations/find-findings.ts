import { type Acceptance, type Finding, UserError } from '@upkeep/contract'
import { activeAcceptances } from '@upkeep/domain/active-acceptances'
import type { Store } from '@upkeep/engine/store/store'

/** A finding as it stands now, with the acceptance in force. */
export interface StandingFinding {
  finding: Finding
  acceptance: Acceptance | null
}

/** The newest record of every finding, resolved ones too. */
export async function standingFindings(store: Store, at: string): Promise<StandingFinding[]> {
  const active = activeAcceptances(await store.acceptances.list(), at)
  return (await store.findings.current()).map((finding) => ({
    finding,
    acceptance: active.get(finding.statement.fingerprint) ?? null,
  }))
}

/** What is open and nobody has accepted. */
export function unaccepted(standing: readonly StandingFinding[]): Finding[] {
  return standing.flatMap(({ finding, acceptance }) =>
    finding.state === 'resolved' || acceptance !== null ? [] : [finding],
  )
}

const wholeFingerprint = /^[0-9a-f]{64}$/

/** Those among which a word may name some: of a whole fingerprint that one alone, so that one of many is not paid for as all of them. */
export async function standingFor(store: Store, word: string, at: string): Promise<StandingFinding[]> {
  const newest = wholeFingerprint.test(word) ? (await store.findings.history(word)).at(-1) : undefined
  if (newest === undefined) return standingFindings(store, at)
  const active = activeAcceptances(await store.acceptances.list(), at)
  return [{ finding: newest, acceptance: active.get(word) ?? null }]
}

/** Those that a word names: the beginning of a fingerprint (8 or more), a subject by name or id, a duty or a rule. */
export function namedBy(word: string, standing: readonly StandingFinding[]): StandingFinding[] {
  return standing.filter(({ finding: { statement } }) => {
    const names = [statement.subject.name, statement.subject.id, statement.duty, statement.rule, statement.fingerprint]
    return names.includes(word) || (word.length >= 8 && statement.fingerprint.startsWith(word))
  })
}

/** The one open finding that a word names, or all of them when `all` is asked for. */
export function openNamedBy(word: string, standing: readonly StandingFinding[], all: boolean): StandingFinding[] {
  const open = standing.filter(({ finding }) => finding.state !== 'resolved')
  const named = namedBy(word, open)
  if (named.length === 0)
    throw new UserError('not-found', 'No open finding has that name.', 'List them: "upkeep findings".')
  if (named.length === 1 || all) return named
  const prints = named.slice(0, 10).map(({ finding }) => finding.statement.fingerprint.slice(0, 12))
  const more = named.length > prints.length ? ', …' : ''
  throw new UserError(
    'ambiguous',
    `${named.length} open findings have that name: ${prints.join(', ')}${more}.`,
    'Name one by its fingerprint, or all of them with --all.',
  )
}
