/** What signatures of ours are made for: one made for anything else counts for nothing here. */
export const signatureNamespace = 'upkeep'

/** What a person signs who decides about a change: `ssh-keygen -Y verify -n upkeep` checks it, with this text as its input. */
export function approvalStatement(approval: {
  change: string
  digest: string
  decision: 'approved' | 'refused'
  person: string
  role: string
  until: string
  onBehalfOf?: string | undefined
  waives?: readonly string[] | undefined
  reason?: string | null
}): string {
  return lines('upkeep approval/1', [
    ['change', approval.change],
    ['plan', approval.digest],
    ['decision', approval.decision],
    ['person', approval.person],
    ['role', approval.role],
    ...(approval.onBehalfOf === undefined ? [] : [['on behalf of', approval.onBehalfOf] as const]),
    ['until', approval.until],
    ...(approval.waives ?? []).map((test) => ['in spite of the failed test', test] as const),
    ...(approval.waives === undefined ? [] : [['because', approval.reason ?? ''] as const]),
  ])
}

/** What a new key signs, and the one that it takes the place of. */
export function enrolmentStatement(enrolment: {
  person: string
  key: string
  at: string
  replaces: string | null
}): string {
  return lines('upkeep key/1', [
    ['person', enrolment.person],
    ['key', enrolment.key],
    ['at', enrolment.at],
    ['replaces', enrolment.replaces ?? 'none'],
  ])
}

/** What a person signs who lives with findings until a day. `fingerprints` stand in it sorted. */
export function acceptanceStatement(acceptance: {
  person: string
  fingerprints: readonly string[]
  until: string
  reason: string
}): string {
  return lines('upkeep acceptance/1', [
    ['person', acceptance.person],
    ['until', acceptance.until],
    ['reason', acceptance.reason],
    ...acceptance.fingerprints.toSorted().map((one) => ['finding', one] as const),
  ])
}

/** What a person signs who approves the state of servers. `approved` is the digest of that state, null for a server that is gone. */
export function baselineStatement(baseline: {
  person: string
  at: string
  reason: string
  servers: readonly { subject: { id: string }; approved: string | null }[]
}): string {
  return lines('upkeep baseline/1', [
    ['person', baseline.person],
    ['at', baseline.at],
    ['reason', baseline.reason],
    ...baseline.servers.map(({ subject, approved }) => ['server', `${approved ?? 'gone'} ${subject.id}`] as const),
  ])
}

/** What a person signs who puts the policies and people of upkeep.yaml in force. `digest` is over their canonical form. */
export function policyStatement(policies: { person: string; digest: string; until: string }): string {
  return lines('upkeep policies/1', [
    ['person', policies.person],
    ['policies', policies.digest],
    ['until', policies.until],
  ])
}

/** What a person signs who puts a desired state in force: from then on whatever differs from it may be set back without asking. */
export function desiredStateStatement(state: { person: string; until: string; lock: string; modes: string }): string {
  return lines('upkeep desired state/1', [
    ['person', state.person],
    ['until', state.until],
    ['lock', state.lock],
    ['modes', state.modes],
  ])
}

/** What a person signs who lets the desired states that a key signs count on their machine. */
export function desiredKeyStatement(trust: { person: string; key: string; until: string }): string {
  return lines('upkeep desired state key/1', [
    ['person', trust.person],
    ['key', trust.key],
    ['until', trust.until],
  ])
}

/** What a person signs who lets the maintenance contracts that a key signs for one server count. */
export function contractKeyStatement(trust: { person: string; key: string; uri: string; until: string }): string {
  return lines('upkeep contract key/1', [
    ['person', trust.person],
    ['key', trust.key],
    ['server', trust.uri],
    ['until', trust.until],
  ])
}

/** What a person signs who lets another approve changes by their right until a day. */
export function delegationStatement(delegation: { person: string; to: string; until: string }): string {
  return lines('upkeep delegation/1', [
    ['person', delegation.person],
    ['to', delegation.to],
    ['until', delegation.until],
  ])
}

/** A line feed inside a value would let one value say another. */
function lines(head: string, values: readonly (readonly [string, string])[]): string {
  return [head, ...values.map(([name, value]) => `${name} ${value.replaceAll(/[\r\n]/g, ' ')}`), ''].join('\n')
}
