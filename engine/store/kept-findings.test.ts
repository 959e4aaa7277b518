import { onBothDatabases } from '@upkeep/lab/postgres/on-both-databases'
import { sampleFinding } from '@upkeep/lab/postgres/sample-records'
import { tamper } from '@upkeep/lab/postgres/tamper'
import { expect, test } from 'vitest'
import { keepingFindings } from './kept-findings.ts'

onBothDatabases('kept findings', (bench) => {
  test('are the current ones, whoever appended, and what did not change is not read again', async () => {
    const place = await bench.newPlace()
    const [store, other] = [await bench.open(place), await bench.open(place)]
    const kept = keepingFindings(store)
    expect(await kept.findings.current()).toEqual([])
    await other.findings.appendMany([sampleFinding('1', 'a'), sampleFinding('2', 'b'), sampleFinding('3', 'a')])
    const first = await kept.findings.current()
    expect(first).toEqual(await store.findings.current())
    expect(first.map(({ id }) => id)).toEqual(['2', '3'])
    await other.findings.append(sampleFinding('4', 'b', 'resolved'))
    const second = await kept.findings.current()
    expect(second).toEqual(await store.findings.current())
    expect(second.map(({ id }) => id)).toEqual(['3', '4'])
    // The very same object: it was not read and parsed anew.
    expect(second[0]).toBe(first[1])
  })

  test('what a transaction wrote is not among them before it is committed, and never where it was undone', async () => {
    const place = await bench.newPlace()
    const kept = keepingFindings(await bench.open(place))
    const other = await bench.open(place)
    const undone = other.transaction(async (tx) => {
      await tx.findings.append(sampleFinding('1', 'a'))
      expect(await kept.findings.current()).toEqual([])
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await other.findings.append(sampleFinding('2', 'b'))
    expect((await kept.findings.current()).map(({ id }) => id)).toEqual(['2'])
    await kept.transaction(async (tx) => {
      await tx.findings.append(sampleFinding('3', 'b', 'resolved'))
      expect((await tx.findings.current()).map(({ id }) => id)).toEqual(['3'])
    })
    expect((await kept.findings.current()).map(({ id }) => id)).toEqual(['3'])
  })

  test('a state that was put back to an earlier one is read from its beginning', async () => {
    const place = await bench.newPlace()
    const store = await bench.open(place)
    const kept = keepingFindings(store)
    await store.findings.appendMany([sampleFinding('1', 'a'), sampleFinding('2', 'b'), sampleFinding('3', 'a')])
    expect(await kept.findings.current()).toHaveLength(2)
    await tamper(place, `delete from findings where id = '3'`)
    expect((await kept.findings.current()).map(({ id }) => id)).toEqual(['1', '2'])
  })

  test('more than one page of them, asked for several times at once', async () => {
    const store = await bench.open()
    const many = Array.from({ length: 10_003 }, (_, index) => sampleFinding(`f${index}`, `p${index % 9_000}`))
    await store.findings.appendMany(many)
    const kept = keepingFindings(store)
    const [one, two] = await Promise.all([kept.findings.current(), kept.findings.current()])
    expect(one.map(({ id }) => id)).toEqual((await store.findings.current()).map(({ id }) => id))
    expect(two).toEqual(one)
  })
})
