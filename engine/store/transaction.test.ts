import { onBothDatabases } from '@upkeep/lab/postgres/on-both-databases'
import { sampleRun } from '@upkeep/lab/postgres/sample-records'
import { expect, test } from 'vitest'

const leaf = { type: 'run', leafHash: 'ab', at: '2026-11-22T09:30:00.000Z' } as const

onBothDatabases('transactions', (bench) => {
  test('a throw undoes everything, in every table', async () => {
    const store = await bench.open()
    const failing = store.transaction(async (tx) => {
      await tx.objects.put('{}')
      await tx.runs.append(sampleRun({ id: 'run-1' }))
      await tx.ledger.append([{ ...leaf, recordId: 'run-1' }])
      throw new Error('half way')
    })
    await expect(failing).rejects.toThrow('half way')
    expect(await store.objects.digests()).toEqual([])
    expect(await store.runs.list()).toEqual([])
    expect(await store.ledger.size()).toBe(0)
  })

  test('what is written is seen inside, and by others only at the end', async () => {
    const place = await bench.newPlace()
    const store = await bench.open(place)
    const other = await bench.open(place)
    await store.transaction(async (tx) => {
      await tx.runs.append(sampleRun({ id: 'run-1' }))
      expect(await tx.runs.list()).toHaveLength(1)
      expect(await other.runs.list()).toHaveLength(0)
    })
    expect(await other.runs.list()).toHaveLength(1)
  })

  test('a caught throw of an inner transaction undoes the inner part alone', async () => {
    const store = await bench.open()
    await store.transaction(async (tx) => {
      await tx.runs.append(sampleRun({ id: 'outer' }))
      const inner = tx.transaction(async (deeper) => {
        await deeper.runs.append(sampleRun({ id: 'inner' }))
        // On PostgreSQL a failed statement spoils the transaction unless a savepoint stands before it.
        await deeper.runs.append(sampleRun({ id: 'outer' }))
      })
      await expect(inner).rejects.toThrow()
      await tx.transaction((deeper) => deeper.runs.append(sampleRun({ id: 'second' })))
    })
    expect((await store.runs.list()).map((run) => run.id)).toEqual(['second', 'outer'])
  })

  test('the outer store refuses inside a transaction and works again after it', async () => {
    const store = await bench.open()
    const reading = store.transaction(() => store.runs.list())
    await expect(reading).rejects.toThrow('use the store that it was handed')
    const writing = store.transaction(() => store.objects.put('{}'))
    await expect(writing).rejects.toThrow('use the store that it was handed')
    await store.objects.put('{}')
    expect(await store.objects.digests()).toHaveLength(1)
  })

  test('writers on several connections take turns: the ledger has neither gap nor double', async () => {
    const place = await bench.newPlace()
    const stores = [await bench.open(place), await bench.open(place), await bench.open(place)]
    const writing = Array.from({ length: 30 }, async (_, index) => {
      const store = stores[index % 3]
      await store?.transaction(async (tx) => {
        const size = await tx.ledger.size()
        await tx.ledger.append([
          { ...leaf, recordId: `a${index}` },
          { ...leaf, recordId: `b${index}` },
        ])
        expect(await tx.ledger.size()).toBe(size + 2)
      })
    })
    await Promise.all(writing)
    const leaves = (await stores[0]?.ledger.range(0, 100)) ?? []
    expect(leaves.map((item) => item.index)).toEqual(Array.from({ length: 60 }, (_, index) => index))
    for (let index = 0; index < 60; index += 2) {
      expect(leaves[index + 1]?.recordId).toBe(leaves[index]?.recordId.replace('a', 'b'))
    }
  })

  test('a range of the ledger is half open; checkpoints keep their order', async () => {
    const store = await bench.open()
    await store.ledger.append(['r0', 'r1', 'r2', 'r3'].map((recordId) => ({ ...leaf, recordId })))
    expect((await store.ledger.range(1, 3)).map((item) => item.recordId)).toEqual(['r1', 'r2'])
    expect(await store.checkpoints.latest()).toBeNull()
    const checkpoint = { root: 'ab', at: leaf.at, note: 'signed\nnote' }
    await store.checkpoints.append({ ...checkpoint, size: 2 })
    await store.checkpoints.append({ ...checkpoint, size: 4 })
    expect(await store.checkpoints.latest()).toEqual({ ...checkpoint, size: 4 })
    expect((await store.checkpoints.list()).map((item) => item.size)).toEqual([2, 4])
  })
})
