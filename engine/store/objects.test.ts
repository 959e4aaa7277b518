import { digestOfText } from '@upkeep/domain/canonical-json'
import { onBothDatabases } from '@upkeep/lab/postgres/on-both-databases'
import { tamper } from '@upkeep/lab/postgres/tamper'
import fc from 'fast-check'
import { expect, test } from 'vitest'

onBothDatabases('objects', (bench) => {
  test('a text is stored once under its SHA-256', async () => {
    const store = await bench.open()
    const text = '{"name":"ü😀"}'
    expect(await store.objects.put(text)).toBe(digestOfText(text))
    expect(await store.objects.putMany([text, text, '{}'])).toEqual([
      digestOfText(text),
      digestOfText(text),
      digestOfText('{}'),
    ])
    expect(await store.objects.get(digestOfText(text))).toBe(text)
    expect(await store.objects.digests()).toEqual([digestOfText(text), digestOfText('{}')].sort())
    expect(await store.objects.get('0'.repeat(64))).toBeNull()
  })

  test('any text comes back, small, compressible or not', async () => {
    const store = await bench.open()
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary', minLength: 1_500, maxLength: 3_000 }),
      fc.tuple(fc.string(), fc.integer({ min: 1, max: 2_000 })).map(([part, times]) => part.repeat(times)),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 8 }), async (texts) => {
        const digests = await store.objects.putMany(texts)
        const found = await store.objects.getMany(digests)
        expect(digests.map((digest) => found.get(digest))).toEqual(texts)
      }),
      { numRuns: 30 },
    )
    expect(await store.objects.altered()).toEqual([])
  })

  test('more objects than one statement or one page holds', async () => {
    const store = await bench.open()
    const texts = Array.from({ length: 1_701 }, (_, index) => `{"index":${index}}`)
    const digests = await store.objects.putMany(texts)
    expect(await store.objects.digests()).toEqual(digests.toSorted())
    expect((await store.objects.getMany([...digests, 'absent'])).size).toBe(1_701)
    expect(await store.objects.altered()).toEqual([])
  })

  test('an object whose bytes were changed is named and not handed out', async () => {
    const place = await bench.newPlace()
    const store = await bench.open(place)
    const [plain = '', packed = '', kept = ''] = await store.objects.putMany([
      '{"a":1}',
      `["${'a'.repeat(5_000)}"]`,
      '{}',
    ])
    const hex = bench.kind === 'sqlite' ? "x'7b7d'" : "'\\x7b7d'"
    await tamper(place, `update objects set body = ${hex} where digest in ('${plain}', '${packed}')`)
    expect(await store.objects.altered()).toEqual([plain, packed].sort())
    await expect(store.objects.get(plain)).rejects.toMatchObject({ code: 'evidence-invalid' })
    await expect(store.objects.get(packed)).rejects.toMatchObject({ code: 'evidence-invalid' })
    expect(await store.objects.get(kept)).toBe('{}')
  })

  test('what compresses takes less room', async () => {
    const place = await bench.newPlace()
    const store = await bench.open(place)
    const digest = await store.objects.put(`["${'observation '.repeat(2_000)}"]`)
    // Halving the stored size makes the whole unreadable: it is the bound of what is unpacked.
    await tamper(place, `update objects set size = size / 2 where length(body) < 1000`)
    expect(await store.objects.altered()).toEqual([digest])
  })
})
