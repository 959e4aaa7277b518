import { TicketTracker } from '@upkeep/contract/ticket'
import { expect, test } from 'vitest'
import type { ChangeState } from '../changes/change-state.ts'
import { coveredBy, trackerPlace } from './covered-by.ts'

const tracker = (name: string, when: object = {}) =>
  TicketTracker.parse({ name, github: 'example/mcp', token: 'env:TOKEN', when })

type Covered = Pick<ChangeState, 'plan' | 'assessment'>
function change(kind: 'standard' | 'normal' | 'emergency', risk: 'low' | 'high' | null): Covered {
  const assessment = risk === null ? null : { risk, why: [], sheet: null }
  return { plan: { class: kind } as Covered['plan'], assessment }
}

test.each<[string, object, Covered, string[], boolean]>([
  ['everything, where nothing is said', {}, change('standard', null), [], true],
  ['its class', { class: ['normal', 'emergency'] }, change('normal', null), [], true],
  ['not another class', { class: ['emergency'] }, change('normal', 'high'), [], false],
  ['its risk', { risk: ['high'] }, change('normal', 'high'), [], true],
  ['not another risk', { risk: ['high'] }, change('normal', 'low'), [], false],
  ['not a risk that is not known', { risk: ['low', 'medium', 'high'] }, change('normal', null), [], false],
  ['servers of one of them', { owners: ['bob', 'cy'] }, change('normal', null), ['cy', 'ada'], true],
  ['not servers of others', { owners: ['bob'] }, change('normal', null), ['ada'], false],
  ['not what fits in part', { class: ['normal'], risk: ['high'] }, change('normal', 'low'), [], false],
])('it covers %s', (_, when, one, owners, covered) => {
  expect(coveredBy([tracker('it', when)], one, owners)?.name ?? null).toBe(covered ? 'it' : null)
})

test('of several the first that fits counts', () => {
  const trackers = [tracker('emergencies', { class: ['emergency'] }), tracker('all'), tracker('never')]
  expect(coveredBy(trackers, change('normal', null), [])?.name).toBe('all')
  expect(coveredBy(trackers, change('emergency', null), [])?.name).toBe('emergencies')
  expect(trackerPlace(tracker('it'))).toBe('api.github.com example/mcp')
})
