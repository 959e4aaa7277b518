import { Ring } from '@upkeep/contract/ring'
import { expect, test } from 'vitest'
import { ringPlan } from './ring-plan.ts'

const rings = [
  Ring.parse({ name: 'canary', homes: ['ada'], soakMinutes: 60 }),
  Ring.parse({ name: 'part', homes: ['team-*'] }),
  Ring.parse({ name: 'all' }),
]
const dealt = (homes: string[], given = rings) =>
  ringPlan(
    given,
    homes.map((home) => ({ home, server: 'fs' })),
  ).map(({ ring, targets }) => [ring.name, targets.map(({ home }) => home)])

test('the first ring that names a home takes it, the last takes the rest', () => {
  expect(dealt(['zoe', 'team-1', 'ada', 'team-2'])).toEqual([
    ['canary', ['ada']],
    ['part', ['team-1', 'team-2']],
    ['all', ['zoe']],
  ])
})

test('a ring that nothing falls to is left out; without rings there is one; nothing is lost', () => {
  expect(dealt(['team-1'])).toEqual([['part', ['team-1']]])
  expect(dealt(['a', 'b'], [])).toEqual([['all', ['a', 'b']]])
  expect(dealt(['x'], rings.slice(0, 1))).toEqual([['canary', ['x']]])
})

test('rings by server', () => {
  const byServer = [Ring.parse({ name: 'fs first', servers: ['fs'] }), Ring.parse({ name: 'all' })]
  const targets = [
    { home: 'a', server: 'db' },
    { home: 'a', server: 'fs' },
    { home: 'b', server: null },
  ]
  expect(ringPlan(byServer, targets).map(({ targets: ts }) => ts.length)).toEqual([1, 2])
})
