import { runChild } from '@upkeep/lab/postgres/child-process'
import { onBothDatabases } from '@upkeep/lab/postgres/on-both-databases'
import { expect, test } from 'vitest'

const leaf = `{ type: 'run', recordId: 'r', leafHash: 'ab', at: '2026-11-22T09:30:00.000Z' }`
/** Opens the store, commits one leaf, then writes much more in a transaction that never ends. */
const writesAndWaits = `
  const store = await openStore(place)
  await store.ledger.append([${leaf}])
  await store.transaction(async (tx) => {
    await tx.objects.putMany(Array.from({ length: 5000 }, (_, index) => '{"index":' + index + ',"text":"' + 'x'.repeat(2000) + index + '"}'))
    await tx.ledger.append([${leaf}, ${leaf}])
    console.log(await tx.ledger.size())
    setInterval(() => {}, 1000)
    await new Promise(() => {})
  })
`

onBothDatabases('a process killed with signal 9', (bench) => {
  test('in the middle of a transaction leaves what was committed before it, and nothing of it', async () => {
    const place = await bench.newPlace()
    const child = runChild(place, writesAndWaits)
    await child.sees('3')
    const store = await bench.open(place)
    expect(await store.ledger.size()).toBe(1)
    child.process.kill('SIGKILL')
    expect(await child.ended()).toBe('SIGKILL')
    expect(await store.ledger.size()).toBe(1)
    expect(await store.objects.digests()).toEqual([])
    const after = await bench.open(place)
    await after.ledger.append([{ type: 'run', recordId: 'next', leafHash: 'cd', at: '2026-11-22T09:31:00.000Z' }])
    expect((await after.ledger.range(0, 9)).map((item) => item.recordId)).toEqual(['r', 'next'])
  })

  test('at any moment of many commits leaves whole transactions only', async () => {
    const place = await bench.newPlace()
    await (await bench.open(place)).ledger.size()
    for (const delayMs of [5, 20, 45]) {
      const child = runChild(place, commitsForever)
      await child.sees('started')
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      child.process.kill('SIGKILL')
      await child.ended()
      const store = await bench.open(place)
      // Read in one transaction: the database of a remote killed process may still be finishing its last commit.
      await store.transaction(async (tx) => {
        const size = await tx.ledger.size()
        expect(size % 3).toBe(0)
        expect(await tx.objects.digests()).toHaveLength(size / 3)
        expect(await tx.ledger.range(0, size)).toHaveLength(size)
      })
    }
    expect(await (await bench.open(place)).ledger.size()).toBeGreaterThan(0)
  })
})

const commitsForever = `
  const store = await openStore(place)
  for (;;) {
    await store.transaction(async (tx) => {
      await tx.objects.put('{"index":' + (await tx.ledger.size()) + '}')
      await tx.ledger.append([${leaf}, ${leaf}])
      await tx.ledger.append([${leaf}])
    })
    console.log('started')
  }
`
