import { expect, test } from 'vitest'
import type { UseReason } from './judge-use.ts'
import { serverState } from './server-state.ts'

const at = '2026-11-23T12:00:00.000Z'
const before = '2026-11-23T11:00:00.000Z'
const reason = (code: UseReason['code'], answer: UseReason['answer'] = 'no') => ({
  code,
  answer,
  says: '',
  about: null,
})
const yes = { answer: 'yes' as const, reasons: [] }
const drifted = { answer: 'no' as const, reasons: [reason('drift')] }
const notJudged = { answer: 'unknown' as const, reasons: [reason('not-judged', 'unknown')] }
const struck = { answer: 'no' as const, reasons: [reason('emergency')] }
const notice = (kind: 'emergency' | 'maintenance' | 'planned', servers: string[] | null = ['fs']) => ({
  kind,
  servers,
  from: before,
  until: null,
})

test.each([
  ['fine where all that decides says yes', [yes], [], 'fine'],
  ['fine in two clients', [yes, yes], [], 'fine'],
  ['not known where one client has it otherwise', [yes, drifted], [], 'unknown'],
  ['not known where something could not be judged', [notJudged], [], 'unknown'],
  ['not known where it was never seen', [], [], 'unknown'],
  ['under maintenance in a window for every server', [yes], [notice('maintenance', null)], 'maintenance'],
  ['under maintenance in its own window', [yes], [notice('maintenance')], 'maintenance'],
  ['fine in the window of another', [yes], [notice('maintenance', ['web'])], 'fine'],
  ['fine before what is planned', [yes], [notice('planned')], 'fine'],
  ['degraded by an emergency', [yes], [notice('emergency')], 'degraded'],
  ['degraded before all else', [drifted], [notice('maintenance'), notice('emergency')], 'degraded'],
  ['degraded where it has what the emergency is about', [struck], [], 'degraded'],
])('a server is %s', (_, uses, banner, expected) => {
  expect(serverState('fs', uses, banner, at)).toBe(expected)
})
