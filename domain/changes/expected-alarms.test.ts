import type { ChangeInput } from '@upkeep/contract/change'
import type { ChangeStep } from '@upkeep/contract/change-step'
import { expect, test } from 'vitest'
import type { ChangeState } from './change-state.ts'
import { expectedBy } from './expected-alarms.ts'
import { madeChange } from './testing/made-change.ts'

const at = (clock: string) => `2026-11-29T${clock}:00.000Z`
const path = '/home/ada/.cursor/mcp.json'
const version: ChangeInput = {
  kind: 'set-server-version',
  path,
  server: 'fs',
  package: 'p',
  from: '1.0.0',
  to: '2.0.0',
}

/** A change that was begun at 01:00, and ended when that is given. */
function begun(input: ChangeInput, closed: string | null = null, until: string | null = at('01:30')): ChangeState {
  const base = madeChange({ risk: 'low', reason: null, rehearsed: 'passed' })
  const head = (seq: number, clock: string) => ({ id: String(seq), at: clock, change: 'c1', seq })
  const steps: ChangeStep[] = [{ ...head(3, at('01:00')), is: 'applying', holder: 'a test' }]
  if (closed !== null) steps.push({ ...head(4, closed), is: 'closed', outcome: 'done', detail: '', signer: null })
  return {
    ...base,
    plan: { ...base.plan, inputs: [input] },
    phase: closed === null ? 'applying' : 'closed',
    decision: { go: true, checks: [], until, asked: [] },
    steps: [...base.steps, ...steps],
  }
}

function finding(
  rule: string,
  subject = `server:cursor:${path}#fs`,
  came = at('01:05'),
): Parameters<typeof expectedBy>[0] {
  const statement = {
    fingerprint: 'f',
    duty: 'd',
    rule,
    ruleVersion: 1,
    subject: { kind: 'server' as const, id: subject, name: 'fs' },
    severity: 'high' as const,
    title: '',
    summary: '',
    action: '',
    facts: {},
    proposals: [],
  }
  return { at: came, statement }
}

const off: ChangeInput = { kind: 'disable-server', path, server: 'fs' }
const mode: ChangeInput = { kind: 'set-file-mode', path, from: '0666', to: '0600' }

test.each<[string, ChangeState, ReturnType<typeof finding>, string, boolean]>([
  ['the version that it sets', begun(version), finding('version-changed'), at('01:06'), true],
  ['the tools that come with it', begun(version), finding('tools-changed'), at('01:06'), true],
  ['a server that is switched off is gone', begun(off), finding('server-gone'), at('01:06'), true],
  ['the mode of its file', begun(mode), finding('mode-differs', `file:${path}`), at('01:06'), true],
  ['of a server in a file whose mode it sets', begun(mode), finding('permissions-changed'), at('01:06'), true],
  ['right after its end', begun(version, at('01:10')), finding('version-changed'), at('01:20'), true],
  ['it does not start: a failure', begun(version), finding('does-not-start'), at('01:06'), false],
  ['a hole', begun(version), finding('known-vulnerable-version'), at('01:06'), false],
  ['a control that is open', begun(version), finding('unauthenticated-call-answered'), at('01:06'), false],
  ['a server that is gone, and was only given a version', begun(version), finding('server-gone'), at('01:06'), false],
  [
    'another server of the file',
    begun(version),
    finding('version-changed', `server:cursor:${path}#fs2`),
    at('01:06'),
    false,
  ],
  [
    'a server of that name elsewhere',
    begun(version),
    finding('version-changed', 'server:cursor:/other.json#fs'),
    at('01:06'),
    false,
  ],
  [
    'what stood before it was begun',
    begun(version),
    finding('version-changed', undefined, at('00:59')),
    at('01:06'),
    false,
  ],
  ['what outlasts its end', begun(version, at('01:10')), finding('version-changed'), at('01:25'), false],
  ['what outlasts the time that it was given', begun(version), finding('version-changed'), at('01:45'), false],
  [
    'what outlasts half an hour where none was given',
    begun(version, null, null),
    finding('version-changed'),
    at('01:45'),
    false,
  ],
])('an alarm during a change: %s', (_, change, one, now, expected) => {
  expect(expectedBy(one, [change], now)).toBe(expected ? change : null)
})

test('a change that was not begun causes nothing', () => {
  const waiting = madeChange({ risk: 'low', reason: null, rehearsed: 'passed' })
  const asked = { ...waiting, plan: { ...waiting.plan, inputs: [version] } }
  expect(expectedBy(finding('version-changed'), [asked], at('01:06'))).toBeNull()
})
