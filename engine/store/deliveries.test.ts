import { onBothDatabases } from '@upkeep/lab/postgres/on-both-databases'
import { expect, test } from 'vitest'
import type { Delivery } from './deliveries.ts'
import { openStore } from './open-store.ts'

const at = '2026-11-23T12:00:00.000Z'
const until = '2026-11-23T12:02:00.000Z'
const via = ['webhook']
const one: Delivery = {
  id: 'a',
  at,
  channel: 'pager',
  via: 'webhook',
  recipient: 'hooks.example.org',
  event: 'alarm',
  thread: 'alarm 1',
  opens: true,
  title: 'fs drifted',
  state: 'due',
  why: '',
  attempts: 0,
  nextAt: at,
  endedAt: null,
  digest: null,
  body: '{}',
}

onBothDatabases('deliveries', (bench) => {
  test('one process takes what is due; another takes it up once that one is gone', async () => {
    const { deliveries, close } = await openStore(await bench.newPlace())
    await deliveries.add(one)
    expect(await deliveries.claim({ now: at, until, via: ['ticket'] })).toEqual([])
    expect(await deliveries.waiting()).toEqual(new Map([['pager', 1]]))
    expect(await deliveries.claim({ now: at, until, via })).toMatchObject([{ id: 'a', attempts: 1 }])
    expect(await deliveries.claim({ now: at, until, via })).toEqual([])
    expect(await deliveries.claim({ now: until, until: '2026-11-23T12:04:00.000Z', via })).toMatchObject([
      { attempts: 2 },
    ])
    await deliveries.end('a', { state: 'delivered', why: 'it answered 200', nextAt: null, at: until })
    expect(await deliveries.claim({ now: '2027-01-01T00:00:00.000Z', until, via })).toEqual([])
    expect(await deliveries.latest()).toMatchObject([{ id: 'a', state: 'delivered', endedAt: until, nextAt: null }])
    await close()
  })

  test('the same is told once while it is open; given up or over, it is told again', async () => {
    const once = { once: true }
    const { deliveries, close } = await openStore(await bench.newPlace())
    expect((await deliveries.add(one, once)).state).toBe('due')
    expect(await deliveries.add({ ...one, id: 'b' }, once)).toMatchObject({ state: 'not-sent', opens: false })
    expect((await deliveries.add({ ...one, id: 'b2' })).state).toBe('due')
    await deliveries.end('b2', { state: 'failed', why: 'it answered 404', nextAt: null, at })
    expect((await deliveries.add({ ...one, id: 'c', recipient: 'another' }, once)).state).toBe('due')
    expect((await deliveries.add({ ...one, id: 'd', event: 'emergency-opened' }, once)).state).toBe('due')
    expect((await deliveries.open()).map(({ id }) => id)).toEqual(['a', 'b2', 'c', 'd'])
    await deliveries.closeThread('alarm 1')
    expect(await deliveries.open()).toEqual([])
    expect((await deliveries.add({ ...one, id: 'e' }, once)).state).toBe('due')
    await deliveries.end('e', { state: 'failed', why: 'it answered 404', nextAt: null, at })
    expect((await deliveries.add({ ...one, id: 'f' }, once)).state).toBe('due')
    await close()
  })

  test('of one matter nothing is sent before what came first', async () => {
    const { deliveries, close } = await openStore(await bench.newPlace())
    await deliveries.add({ ...one, nextAt: until })
    await deliveries.add({ ...one, id: 'b', event: 'resolved', opens: false })
    await deliveries.add({ ...one, id: 'c', thread: 'alarm 2' })
    expect((await deliveries.claim({ now: at, until, via })).map(({ id }) => id)).toEqual(['c'])
    expect(await deliveries.claim({ now: at, until, via, id: 'b' })).toEqual([])
    await deliveries.end('a', { state: 'delivered', why: '', nextAt: null, at })
    expect((await deliveries.claim({ now: at, until, via })).map(({ id }) => id)).toEqual(['b'])
    await close()
  })

  test('what waits for a digest is said in it', async () => {
    const { deliveries, close } = await openStore(await bench.newPlace())
    await deliveries.add({ ...one, state: 'for-digest', nextAt: until })
    expect(await deliveries.claim({ now: until, until, via })).toEqual([])
    expect(await deliveries.forDigest(at)).toEqual([])
    expect((await deliveries.forDigest(until)).map(({ id }) => id)).toEqual(['a'])
    await deliveries.gather(['a'], 'the digest', until)
    expect(await deliveries.forDigest(until)).toEqual([])
    expect(await deliveries.list()).toMatchObject([{ state: 'in-digest', digest: 'the digest' }])
    await close()
  })

  test('what was given up is there until somebody saw it, or the same matter was told there after all', async () => {
    const { deliveries, close } = await openStore(await bench.newPlace())
    const lost = async () => (await deliveries.lost()).map(({ id }) => id)
    const givenUp = { ...one, state: 'failed', why: 'it answered 404', nextAt: null, endedAt: at } as const
    await deliveries.add(givenUp)
    await deliveries.add({ ...givenUp, id: 'b', recipient: 'another' })
    await deliveries.add({ ...givenUp, id: 'c', event: 'test' })
    await deliveries.add({ ...givenUp, id: 'd', via: 'heartbeat' })
    await deliveries.add({ ...givenUp, id: 't', event: 'ticket-opened', via: 'github' })
    const told = { ...one, state: 'delivered', nextAt: null, endedAt: at } as const
    await deliveries.add({ ...told, id: 'e', thread: 'alarm 2' })
    expect(await lost()).toEqual(['b', 'a'])
    await deliveries.see(['b', 'unknown'], { person: 'ada', at })
    await deliveries.see(['b'], { person: 'bob', at: until })
    expect(await lost()).toEqual(['a'])
    await deliveries.add({ ...one, id: 'f', event: 'resolved', opens: false })
    expect(await lost()).toEqual(['a'])
    await deliveries.end('f', { state: 'delivered', why: '', nextAt: null, at })
    expect(await lost()).toEqual([])
    await close()
  })

  test('what was given up is not forgotten before somebody saw it', async () => {
    const { deliveries, close } = await openStore(await bench.newPlace())
    const givenUp = { ...one, opens: false, state: 'failed', nextAt: null, endedAt: at } as const
    for (const id of ['a', 'b']) await deliveries.add({ ...givenUp, id })
    await deliveries.see(['a'], { person: 'ada', at })
    for (const id of ['c', 'd']) await deliveries.add({ ...one, id, thread: id, at: '2027-06-01T00:00:00.000Z' })
    expect((await deliveries.list()).map(({ id }) => id)).toEqual(['d', 'c', 'b'])
    await close()
  })

  test('what ended half a year ago is forgotten, unless its matter is open', async () => {
    const { deliveries, close } = await openStore(await bench.newPlace())
    const ended = { state: 'delivered', nextAt: null, endedAt: at } as const
    await deliveries.add({ ...one, ...ended })
    await deliveries.add({ ...one, ...ended, id: 'b', opens: false })
    await deliveries.add({ ...one, id: 'c', thread: 'alarm 2', at: '2027-06-01T00:00:00.000Z' })
    expect((await deliveries.list()).map(({ id }) => id)).toEqual(['c', 'a'])
    await close()
  })
})
