/** What of each operation that writes is a decision: an input by which it would be one. */
export const deciding: Record<string, Record<string, unknown>[]> = {
  accept: [
    { finding: 'fs', until: '5d', reason: 'a trial', all: true },
    { finding: 'fs', withdraw: true },
    { finding: 'fs', run: true },
    { finding: 'fs', run: true, withdraw: true },
  ],
  approve: [
    { change: 'anything' },
    { change: 'anything', refuse: true, reason: 'no' },
    { change: 'anything', withdraw: true },
    { change: 'policies' },
    { change: 'desired-state' },
    { change: 'passkey' },
    { change: 'key:some.pub' },
    { change: 'delegate', to: 'ada', until: '5d' },
    { change: 'delegate', to: 'ada', withdraw: true },
  ],
  undo: [{}, { change: 'anything' }],
  'baseline.accept': [{}],
  attest: [{ scope: 'emergency-review/x', statement: 'looked at', until: '5d', role: 'approver' }],
  inbox: [
    { answer: 'yes', id: 'x' },
    { answer: 'no', id: 'x' },
    { answer: 'later', id: 'x' },
  ],
  'contract.check': [
    { from: 'maintenance.json', trust: true },
    { from: 'maintenance.json', distrust: true },
  ],
  'token.new': [{ name: 'ci' }],
  'token.revoke': [{ name: 'ci' }],
  keys: [{ passkey: `ES256 ${'A'.repeat(80)} ${'A'.repeat(20)}` }],
  changes: [{ justify: 'x', reason: 'The vendor ends support in May' }],
}
