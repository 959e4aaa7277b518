import type { Seen } from '@upkeep/contract'
import { serverSubject } from '@upkeep/contract/subject'
import { advisories, bundled, copyOf, npx, record, registry, resolved } from '@upkeep/domain/advisories/testing/given'
import { exploitation, remembered, shippedTable } from '@upkeep/domain/advisories/testing/given-urgency'
import { expect, test } from 'vitest'
import { securityPatchAssessment } from './duty.ts'

const remote = 'mcp-remote'
const notLooked = { state: 'unavailable', code: 'not-consented', reason: 'not asked' } as const
const ssvc = { exploitation: 'none', automatable: 'yes', technicalImpact: 'total' } as const

function listens(...addresses: [string, boolean][]): Seen<'listener'> {
  return {
    state: 'seen',
    facts: { port: 8080, addresses: addresses.map(([address, loopback]) => ({ address, loopback, uid: 1000 })) },
  }
}

function answers(required: boolean): Seen<'endpoint'> {
  return {
    state: 'seen',
    facts: {
      url: 'http://127.0.0.1:8080/mcp',
      reachable: true,
      httpStatus: 200,
      eras: [],
      why: '',
      tls: null,
      authentication: { required, scheme: null, resourceMetadata: null },
      latencyMs: { connect: 1, list: null },
    },
  }
}

function dueFor(listener: Seen<'listener'>, endpoint: Seen<'endpoint'>) {
  const assessment = securityPatchAssessment.assess({
    subject: serverSubject('claude-desktop', '/home/ada/config.json', 'fs'),
    seen: {
      declared: npx(remote, '0.1.15'),
      resolved: resolved(remote, [copyOf('mcp-remote@0.1.15')]),
      advisories: advisories([record('GHSA-6xpm', remote, '0.1.16', { exploitation: exploitation({ ssvc }) })]),
      bundled: bundled(),
      registry: registry(remote, '0.1.16', ['0.1.15', '0.1.16']),
      listener,
      endpoint,
      table: shippedTable,
      history: remembered(),
    },
    params: { maxFeedAgeDays: 35, minimumAgeDays: 3 },
    at: '2026-11-22T09:00:00.000Z',
  })
  return assessment.findings.map((finding) => [finding.due?.at?.slice(0, 10), finding.due?.table.row])
}

/** Worked out by hand: 3, 14, 30 and 60 days from 2026-11-22. */
test('one vulnerability on four differently exposed servers is due on four days', () => {
  const beyond = listens(['0.0.0.0', false])
  expect(dueFor(beyond, answers(false))).toEqual([['2026-11-25', 17]])
  expect(dueFor(beyond, answers(true))).toEqual([['2026-12-06', 21]])
  expect(dueFor(listens(['127.0.0.1', true]), notLooked)).toEqual([['2026-12-22', 25]])
  expect(dueFor(notLooked, notLooked)).toEqual([['2027-01-21', 29]])
})
