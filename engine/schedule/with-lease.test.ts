import { setTimeout as sleep } from 'node:timers/promises'
import { runChild } from '@upkeep/lab/postgres/child-process'
import { onBothDatabases } from '@upkeep/lab/postgres/on-both-databases'
import { expect, test } from 'vitest'
import { identifyProcess, writeIdentity } from '../kernel/process-identity.ts'
import { withLease } from './with-lease.ts'

const name = 'round'
/** A holder of which nothing can be known here: as on another machine. */
const elsewhere = writeIdentity({ ...identifyProcess(), pid: 4242, host: 'elsewhere', machine: 'another boot' })

const holdsUntilKilled = `
  import { withLease } from '@upkeep/engine/schedule/with-lease'
  const store = await openStore(place)
  await withLease(store, { name: 'round' }, async () => {
    console.log('held')
    setInterval(() => {}, 1000)
    await new Promise(() => {})
  })
`
const triesOnce = `
  import { withLease } from '@upkeep/engine/schedule/with-lease'
  const store = await openStore(place)
  try {
    await withLease(store, { name: 'round', waitSeconds: 0 }, async () => {
      console.log('held')
      const timer = setInterval(() => {}, 1000)
      await new Promise((resolve) => process.once('SIGTERM', resolve))
      clearInterval(timer)
    })
  } catch (error) {
    console.log(error.code, error.message)
  }
  await store.close()
`

onBothDatabases('the lease', (bench) => {
  test('of two processes that ask at once exactly one holds it, the other says who does', async () => {
    const place = await bench.newPlace()
    await bench.open(place)
    const children = [runChild(place, triesOnce), runChild(place, triesOnce), runChild(place, triesOnce)]
    await Promise.all(children.map((child) => child.sees(/^held$|^state-busy/)))
    const held = children.filter((child) => child.lines.includes('held'))
    for (const child of held) child.process.kill('SIGTERM')
    expect(await Promise.all(children.map((child) => child.ended()))).toEqual([0, 0, 0])
    const refused = children.flatMap((child) => child.lines.filter((line) => line.startsWith('state-busy')))
    expect(held).toHaveLength(1)
    expect(refused).toHaveLength(2)
    for (const line of refused) expect(line).toContain(`process ${held[0]?.process.pid} on `)
  })

  test('of a process killed with signal 9 it is free at once', async () => {
    const place = await bench.newPlace()
    const store = await bench.open(place)
    const child = runChild(place, holdsUntilKilled)
    await child.sees('held')
    const early = withLease(store, { name, waitSeconds: 0 }, async () => 'mine')
    await expect(early).rejects.toMatchObject({ code: 'state-busy' })
    child.process.kill('SIGKILL')
    await child.ended()
    // Sooner than the lease's own end, 30 s after it was last renewed.
    expect(await withLease(store, { name, waitSeconds: 15 }, async () => 'mine')).toBe('mine')
  })

  test('one waits for the other, is told once for whom, and then has its turn', async () => {
    const place = await bench.newPlace()
    const store = await bench.open(place)
    const other = await bench.open(place)
    const told: string[] = []
    const steps: string[] = []
    const begun = Promise.withResolvers<void>()
    const first = withLease(store, { name }, async () => {
      steps.push('first begins')
      begun.resolve()
      await sleep(400)
      steps.push('first ends')
    })
    await begun.promise
    const second = withLease(other, { name, onWait: (holder) => told.push(holder) }, async () => {
      steps.push('second begins')
    })
    await Promise.all([first, second])
    expect(steps).toEqual(['first begins', 'first ends', 'second begins'])
    expect(told).toEqual([expect.stringContaining(`process ${process.pid} on `)])
  })

  test('it ends with the work, also when the work throws', async () => {
    const store = await bench.open()
    const failing = withLease(store, { name }, async () => {
      throw new Error('broke')
    })
    await expect(failing).rejects.toThrow('broke')
    expect(await withLease(store, { name, waitSeconds: 0 }, async () => 'mine')).toBe('mine')
  })

  test('it is renewed while the work takes longer than it lasts', async () => {
    const place = await bench.newPlace()
    const store = await bench.open(place)
    const other = await bench.open(place)
    await withLease(store, { name, ttlSeconds: 2 }, async (lease) => {
      await sleep(2_500)
      const taking = withLease(other, { name, ttlSeconds: 2, waitSeconds: 0 }, async () => {})
      await expect(taking).rejects.toMatchObject({ code: 'state-busy' })
      await store.transaction((tx) => lease.confirm(tx))
    })
  })

  test('a holder elsewhere that died is waited for until its time is up', async () => {
    const store = await bench.open()
    const now = new Date().toISOString()
    await store.leases.acquire({ name, holder: elsewhere, ttlSeconds: 1, now })
    const early = withLease(store, { name, waitSeconds: 0 }, async () => {})
    await expect(early).rejects.toThrow(/process 4242 on elsewhere, for 0 s/)
    expect(await withLease(store, { name, waitSeconds: 5 }, async () => 'mine')).toBe('mine')
  })

  test('a lease whose end lies far ahead because the clock went back is taken once it goes unrenewed', async () => {
    const store = await bench.open()
    await store.leases.acquire({ name, holder: elsewhere, ttlSeconds: 30, now: '2099-01-01T00:00:00.000Z' })
    expect(await withLease(store, { name, ttlSeconds: 1, waitSeconds: 5 }, async () => 'mine')).toBe('mine')
  })

  test('whoever slept through its end cannot commit', async () => {
    const place = await bench.newPlace()
    const store = await bench.open(place)
    const sleeping = withLease(store, { name }, async (lease) => {
      const { holder, until } = await stateOf(store)
      const now = new Date().toISOString()
      await store.leases.takeOver({ name, holder: elsewhere, ttlSeconds: 30, now, from: { holder, until } })
      await store.transaction(async (tx) => {
        await tx.objects.put('{}')
        await lease.confirm(tx)
      })
    })
    await expect(sleeping).rejects.toMatchObject({ code: 'state-busy' })
    expect(await store.objects.digests()).toEqual([])
    // Nor did it release what is another's.
    expect((await stateOf(store)).holder).toBe(elsewhere)
  })
})

async function stateOf(store: Parameters<typeof withLease>[0]) {
  const answer = await store.leases.acquire({ name, holder: 'who asks', ttlSeconds: 1, now: new Date().toISOString() })
  if (answer.held) throw new Error('the lease was free')
  return answer
}
