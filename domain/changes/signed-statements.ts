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
}): string {
  return lines('upkeep approval/1', [
    ['change', approval.change],
    ['plan', approval.digest],
    ['decision', approval.decision],
    ['person', approval.person],
    ['role', approval.role],
    ['until', approval.until],
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

/** A line feed inside a value would let one value say another. */
function lines(head: string, values: readonly (readonly [string, string])[]): string {
  return [head, ...values.map(([name, value]) => `${name} ${value.replaceAll(/[\r\n]/g, ' ')}`), ''].join('\n')
}
