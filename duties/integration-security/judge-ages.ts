import type { Facts, FindingDraft, Seen } from '@upkeep/contract'
import type { Rules } from './rules.ts'

type Integrations = Facts<'integrations'>
type Credential = Integrations['credentials'][number]
interface Ages {
  findings: FindingDraft<Rules>[]
  unknowns: string[]
  passes: string[]
  /** Places whose credential was judged. */
  decided: string[]
}
interface Limit {
  at: string
  maxCredentialAgeDays: number
}

/** Since when a credential is in place, and whether that is when it began or only since when it is known. */
interface Since {
  at: string
  began: boolean
  by: 'history' | 'statement'
}

/** Whether each credential was replaced in time, by what earlier runs saw and by what the owner states. */
export function judgeAges(facts: Integrations, history: Seen<'credential-history'>, limit: Limit): Ages {
  const ages: Ages = { findings: [], unknowns: [], passes: [], decided: [] }
  for (const credential of facts.credentials) judgeOne(credential, sinceOf(credential, facts, history), limit, ages)
  return ages
}

/** The keyed hash of a value speaks against a statement that it was replaced later. */
function sinceOf(
  { fingerprint }: Credential,
  { rotatedAt }: Integrations,
  history: Seen<'credential-history'>,
): Since | null {
  const seen =
    fingerprint === null || history.state !== 'seen'
      ? undefined
      : history.facts.credentials.find((one) => one.fingerprint === fingerprint)
  const stated = rotatedAt === null ? null : { at: `${rotatedAt}T00:00:00.000Z`, began: true, by: 'statement' as const }
  if (seen === undefined) return stated
  const bySight = { at: seen.firstSeenAt, began: seen.beganWithinHistory, by: 'history' as const }
  if (stated === null || seen.beganWithinHistory || seen.firstSeenAt.slice(0, 10) < stated.at.slice(0, 10))
    return bySight
  return stated
}

const dayMs = 86_400_000

function judgeOne({ where, kind }: Credential, since: Since | null, limit: Limit, ages: Ages): void {
  if (since === null) {
    ages.unknowns.push(`age of the credential in ${where}: no run has seen it change, and no day is stated`)
    return
  }
  const isOld = Date.parse(limit.at) - Date.parse(since.at) > limit.maxCredentialAgeDays * dayMs
  const day = since.at.slice(0, 10)
  if (isOld) {
    ages.decided.push(where)
    ages.findings.push({
      rule: 'credential-older-than',
      facts: { where, kind, since: since.at, by: since.by },
      summary: `the credential in ${where} is the same since ${day}${since.began ? '' : ' or longer'}; ${limit.maxCredentialAgeDays} days are allowed`,
      action: 'Issue a new one, put it in place, revoke the old one, and write the day under servers in upkeep.yaml.',
    })
  } else if (since.began) {
    ages.decided.push(where)
    ages.passes.push(`the credential in ${where} is in place since ${day}`)
  } else {
    ages.unknowns.push(
      `age of the credential in ${where}: the same since ${day}, when it was first looked at, or longer`,
    )
  }
}
