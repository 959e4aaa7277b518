import type { Finding } from '@upkeep/contract'
import { serverSubject } from '@upkeep/contract/subject'
import { expect, test } from 'vitest'
import { undocumentedChanges } from './undocumented-changes.ts'

const subject = serverSubject('cursor', '/home/ada/.cursor/mcp.json', 'fs')
const difference = { at: 'args[1]', was: 'server@1', is: 'server@2' }

function finding(
  over: Partial<Finding> & { rule?: string; facts?: Record<string, unknown>; duty?: string } = {},
): Finding {
  const { rule = 'start-changed', facts = {}, duty = 'configuration-drift-detection', ...rest } = over
  const said = {
    differences: [difference],
    drift: 'unauthorised',
    ownerUid: 1000,
    changedAt: '2026-11-20T14:03:00.000Z',
    approvedAt: '2026-11-01T09:00:00.000Z',
  }
  const texts = { title: '', summary: '', action: '', proposals: [], ruleVersion: 1, severity: 'high' as const }
  const at = '2026-11-21T09:00:00.000Z'
  const statement = { ...texts, fingerprint: `f-${rule}`, duty, rule, subject, facts: { ...said, ...facts } }
  return { id: `id-${rule}`, at, run: 'run-1', state: 'open', firstSeenAt: at, statement, ...rest }
}

test('what one round first saw of one server is one change, whose it is and when it was written', () => {
  const env = { at: 'env TOKEN', was: 'nothing', is: 'hidden' }
  const made = undocumentedChanges(
    [[finding()], [finding({ rule: 'environment-changed', facts: { differences: [env] } })]],
    [],
  )
  expect(made).toMatchObject([
    {
      path: '/home/ada/.cursor/mcp.json',
      kind: 'changed',
      uid: 1000,
      written: '2026-11-20T14:03:00.000Z',
      differences: [
        { layer: 'environment', ...env },
        { layer: 'start', ...difference },
      ],
      due: '2026-11-28T09:00:00.000Z',
    },
  ])
})

test.each([
  ['another duty', { duty: 'vulnerability-scanning' }],
  ['what an unpinned entry fetched by itself', { facts: { drift: 'upstream' } }],
])('none: %s', (_, over) => {
  expect(undocumentedChanges([[finding(over)]], [])).toEqual([])
})

test('it stays one when it is resolved or stated anew, and is another when it comes back', () => {
  const open = finding()
  const anew = { ...open, id: 'anew', run: 'run-2' }
  const resolved = { ...open, id: 'resolved', run: 'run-3', state: 'resolved' as const }
  const again = { ...open, id: 'again', run: 'run-4', state: 'reopened' as const, at: '2026-11-25T09:00:00.000Z' }
  expect(undocumentedChanges([[open, anew, resolved]], [])).toHaveLength(1)
  const two = undocumentedChanges([[open, anew, resolved, again]], [])
  expect(two.map(({ findings }) => findings.map(({ id }) => id))).toEqual([['id-start-changed'], ['again']])
  expect(new Set(two.map(({ id }) => id)).size).toBe(2)
})

test('why it was made is what was stated of it, and of no other', () => {
  const [first] = undocumentedChanges([[finding()]], [])
  const signer = { person: 'ada', presence: 'not-proven' as const, signature: null }
  const stated = (scope: string) => ({
    ...{ id: scope, statement: 'Tried a newer server by hand', scope, evidence: [], limits: '', person: 'ada', signer },
    ...{
      role: 'operator' as const,
      at: '2026-11-22T09:00:00.000Z',
      validUntil: '9999-12-31T23:59:59.999Z',
      revokes: null,
    },
  })
  const [justified] = undocumentedChanges([[finding()]], [stated('change:other'), stated(`change:${first?.id}`)])
  expect(justified?.justifications.map(({ reason }) => reason)).toEqual(['Tried a newer server by hand'])
})
