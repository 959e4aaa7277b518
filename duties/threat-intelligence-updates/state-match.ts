import type { FindingDraft, Severity } from '@upkeep/contract'
import { callName } from '@upkeep/domain/advisories/known-advisories'
import type { PastMatch, Window } from '@upkeep/domain/history/past-matches'
import { printable } from '@upkeep/domain/printable'
import type { PastFacts, Rules } from './rules.ts'

type About = 'malicious-package-was-here' | 'exploited-while-here' | 'named-advisory-applies'

const maxWindows = 50

/** A match as a finding: where it is or was, from when to when, and what it could read. */
export function stateMatch(rule: About, match: PastMatch): FindingDraft<Rules> {
  const { record } = match.advisory
  const said = record.summary === '' ? '' : `: "${printable(record.summary, { maxLength: 160 })}"`
  const what = rule === 'malicious-package-was-here' ? 'malicious' : whatIs(rule)
  const severity: Severity | undefined =
    rule === 'named-advisory-applies' && record.severity !== 'unknown' ? record.severity : undefined
  return {
    rule,
    ...(severity === undefined ? {} : { severity }),
    facts: factsOf(match),
    summary: `${match.name} ${match.versions.join(', ')} is ${what} (${callName(record)}); ${placesOf(match.windows)}${said}`,
    action: actionFor(rule, match.windows),
  }
}

function whatIs(rule: About): string {
  return rule === 'exploited-while-here' ? 'known to be exploited' : 'affected'
}

function factsOf({ advisory, ecosystem, name, versions, windows }: PastMatch): PastFacts {
  const { id, aliases, summary, references, feed } = advisory.record
  return {
    advisory: id,
    aliases,
    says: summary,
    references,
    feed,
    package: name,
    ecosystem,
    versions,
    windows: windows.slice(0, maxWindows).map(({ server, ...window }) => ({
      server: server.id,
      name: server.name,
      ...window,
    })),
  }
}

const maxPlaces = 3

/** Between the last look that saw it and the first that did not nobody looked: the time ends with the later one. */
function timeWords({ firstSeenAt, lastSeenAt, goneBy }: Window): string {
  const from = firstSeenAt.slice(0, 10)
  if (lastSeenAt === null) return `since ${from}, still there`
  return goneBy === undefined
    ? `from ${from} to at least ${lastSeenAt.slice(0, 10)}`
    : `from ${from}, gone by ${goneBy.slice(0, 10)}`
}

function placesOf(windows: readonly Window[]): string {
  const shown = windows.slice(0, maxPlaces).map((one) => {
    return `at ${printable(one.server.name)} ${timeWords(one)}`
  })
  const more = windows.length - shown.length
  return `${shown.join('; ')}${more > 0 ? ` and at ${more} more` : ''}`
}

function actionFor(rule: About, windows: readonly Window[]): string {
  const still = [...new Set(windows.filter((one) => one.lastSeenAt === null).map((one) => printable(one.server.name)))]
  const remove = still.length === 0 ? '' : `Remove it from ${still.slice(0, 10).join(', ')}. `
  if (rule !== 'malicious-package-was-here') {
    const close = still.length === 0 ? '' : `Close it at ${still.slice(0, 10).join(', ')}. `
    return `${close}Look through what is kept of that time for signs of its use.`
  }
  return `${remove}${replaceWords(windows)}`
}

const maxCredentials = 10

function replaceWords(windows: readonly Window[]): string {
  const all = windows.flatMap((one) =>
    one.credentials.map(({ where, kind }) => `${where} (${kind}) of ${printable(one.server.name)}`),
  )
  const distinct = [...new Set(all)]
  if (distinct.length === 0)
    return 'No credential was given to it by its entry; replace those that the machine keeps for you.'
  const more = distinct.length - maxCredentials
  const named = `${distinct.slice(0, maxCredentials).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  return `Replace what it could read: ${printable(named, { maxLength: 600 })}.`
}
