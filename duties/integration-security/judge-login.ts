import type { Assessment, Facts, Seen } from '@upkeep/contract'
import { dayOf } from '@upkeep/domain/distance'
import type { Rules } from './rules.ts'

type Said = Pick<Assessment<Rules>, 'findings' | 'unknowns' | 'passes'>
const dayMs = 86_400_000

/** The login that a person gave for the server: whether it still holds, and how long. */
export function judgeLogin(
  login: Seen<'server-login'>,
  { at, loginEndsWithinDays }: { at: string; loginEndsWithinDays: number },
): Said {
  const nothing = { findings: [], unknowns: [], passes: [] }
  if (login.state === 'unavailable') return { ...nothing, unknowns: [`how its login stands: ${login.reason}`] }
  if (login.state === 'absent') return nothing
  const { facts } = login
  const failed = facts.lastRefresh?.outcome === 'failed' ? [refreshFailed(facts, facts.lastRefresh)] : []
  const ends = endOf(facts, at, loginEndsWithinDays)
  const unknowns = facts.unreadable === null ? [] : [`whether its login still opens it: ${facts.unreadable}`]
  const findings = [...failed, ...(failed.length === 0 && ends !== null ? [ends] : [])]
  const isSound = findings.length === 0 && unknowns.length === 0
  return { findings, unknowns, passes: isSound ? [holds(facts)] : [] }
}

function endOf(
  { expiresAt, refreshable, issuer }: Facts<'server-login'>,
  at: string,
  withinDays: number,
): Said['findings'][number] | null {
  if (expiresAt === null || refreshable) return null
  const days = Math.floor((Date.parse(expiresAt) - Date.parse(at)) / dayMs)
  if (days >= withinDays) return null
  const isOver = Date.parse(expiresAt) <= Date.parse(at)
  return {
    rule: 'login-ends',
    ...(isOver ? {} : { severity: 'low' as const }),
    facts: { issuer, expiresAt },
    summary: isOver
      ? `the login to it ended on ${dayOf(expiresAt)}: what only a client with a token sees is not seen any more`
      : `the login to it ends on ${dayOf(expiresAt)}, in ${days} days, and does not refresh itself`,
    action: 'Log in again: upkeep login <server>.',
  }
}

function refreshFailed(
  { issuer, expiresAt }: Facts<'server-login'>,
  { at, reason }: NonNullable<Facts<'server-login'>['lastRefresh']>,
): Said['findings'][number] {
  return {
    rule: 'login-refresh-failed',
    facts: { issuer, expiresAt, since: at, reason },
    summary: `the login to it could not be refreshed on ${dayOf(at)}: ${reason}`,
    action: 'Log in again: upkeep login <server>.',
  }
}

function holds({ issuer, expiresAt, refreshable }: Facts<'server-login'>): string {
  if (refreshable) return `the login to it from ${issuer} refreshes itself`
  return expiresAt === null
    ? `there is a login to it from ${issuer}; when it ends was not said`
    : `the login to it from ${issuer} holds until ${dayOf(expiresAt)}`
}
