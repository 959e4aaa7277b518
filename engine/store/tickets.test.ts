import { onBothDatabases } from '@upkeep/lab/postgres/on-both-databases'
import { tamper } from '@upkeep/lab/postgres/tamper'
import { expect, test } from 'vitest'
import { openStore } from './open-store.ts'
import { type Ticket, unopened } from './tickets.ts'

const one: Ticket = {
  change: 'c1',
  tracker: 'it',
  via: 'jira',
  opening: 'd1',
  told: 2,
  ...unopened,
}
const seen = {
  ref: '10001',
  key: 'OPS-1',
  url: 'https://jira.example/browse/OPS-1',
  state: 'closed',
  closedBy: 'bob',
} as const

onBothDatabases('tickets', (bench) => {
  test('one for each change, and what is learned of it comes to it', async () => {
    const { tickets, close } = await openStore(await bench.newPlace())
    expect(await tickets.get('c1')).toBeNull()
    await tickets.put(one)
    await expect(tickets.put({ ...one, opening: 'd2' })).rejects.toThrow()
    await tickets.update('c1', { ...seen, comments: 3, seenAt: '2026-11-22T09:30:00.000Z' })
    await tickets.update('c1', { why: 'it answered 503' })
    await tickets.put({ ...one, change: 'c2' })
    expect((await tickets.list()).map(({ change }) => change)).toEqual(['c2', 'c1'])
    expect(await tickets.get('c1')).toEqual({
      ...one,
      ...seen,
      comments: 3,
      seenAt: '2026-11-22T09:30:00.000Z',
      why: 'it answered 503',
    })
    await close()
  })

  test('those whose changes went on are behind; what was told of a change is no step', async () => {
    const place = await bench.newPlace()
    const { tickets, close } = await openStore(place)
    for (const [change, told] of [
      ['c1', 2],
      ['c2', 1],
    ] as const)
      await tickets.put({ ...one, change, told })
    const steps = ['c1 proposed', 'c1 assessed', 'c1 notified', 'c2 proposed', 'c2 assessed']
    for (const [index, step] of steps.entries()) {
      const [change, is] = step.split(' ')
      await tamper(
        place,
        `insert into change_steps (id, body, change_id, place, step) values ('s${index}', '{}', '${change}', 'p${index}', '${is}')`,
      )
    }
    expect(await tickets.behind()).toEqual(['c2'])
    await tickets.update('c2', { told: 2 })
    expect(await tickets.behind()).toEqual([])
    await close()
  })
})
