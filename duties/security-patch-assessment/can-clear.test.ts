import { advisories, bundled, copyOf, declared, npx, record, resolved } from '@upkeep/domain/advisories/testing/given'
import { expect, test } from 'vitest'
import { canClear } from './can-clear.ts'

const remote = 'mcp-remote'
const hole = record('GHSA-6xpm', remote, '0.1.16', { aliases: ['CVE-2025-6514'] })
const facts = { package: remote, ecosystem: 'npm', direct: true, sheet: [{ advisory: 'GHSA-6xpm' }] }
const brought = { package: 'express', ecosystem: 'npm', direct: false, sheet: [{ advisory: 'GHSA-e' }] }
const now = {
  declared: npx(remote, '0.1.16'),
  resolved: resolved(remote, [copyOf('mcp-remote@0.1.16')]),
  advisories: advisories([hole]),
  bundled: bundled(),
}
const none = { state: 'unavailable', code: 'not-configured', reason: 'no feed' } as const
const whole = resolved(remote, [copyOf('mcp-remote@0.1.15')])

test.each([
  ['taken', facts, {}, true],
  ['still affected, and stated by another rule now', facts, { resolved: whole }, true],
  ['its record is known by another name', { ...facts, sheet: [{ advisory: 'CVE-2025-6514' }] }, {}, true],
  ['its record is gone from the feeds', facts, { advisories: advisories([]) }, false],
  ['the feeds cannot be read', facts, { advisories: none }, false],
  ['its version cannot be compared', facts, { resolved: resolved(remote, [copyOf('mcp-remote@2026.1.1')]) }, false],
  ['its version is not known', facts, { resolved: resolved(remote, [copyOf('mcp-remote')]) }, false],
  ['gone from a tree that was read whole', brought, {}, true],
  ['the tree is not known', brought, { resolved: none }, false],
  ['the server runs elsewhere', facts, { declared: declared({ via: 'remote' }) }, true],
  ['the entry is gone', facts, { declared: { state: 'absent', reason: 'no entry' } as const }, true],
  ['its file cannot be read', facts, { declared: none }, false],
  ['facts of another form', { package: remote }, {}, false],
])('an earlier decision that is not stated now: %s', (_name, earlier, changed, cleared) => {
  expect(canClear({ rule: 'patch-available', facts: earlier }, { ...now, ...changed })).toBe(cleared)
})
