import type { Observation } from '@upkeep/contract'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { onBothDatabases } from '@upkeep/lab/postgres/on-both-databases'
import { expect, test } from 'vitest'
import { copyOf, npxOf, serverOf } from '../report/cyclonedx.cases.ts'
import { drawMissing, keepComponents } from './draw-components.ts'
import type { Store } from './store.ts'

function resolvedOf(name: string, packages: readonly string[]): Observation<'resolved-package'> {
  const server = serverOf(name, { launch: npxOf('x', '1.0.0') }, [copyOf(`/${name}`, packages)])
  if (server.resolved === null) throw new Error('no copy')
  return { kind: 'resolved-package', subject: server.subject, ...server.resolved }
}

async function stored(store: Store, observations: readonly Observation[]) {
  const digests = await store.objects.putMany(observations.map((one) => canonicalJson(one)))
  return observations.map((one, index) => ({ kind: one.kind, observation: digests[index] ?? '', one }))
}

onBothDatabases('components', (bench) => {
  test('each observation that shows a package is found, and no other', async () => {
    const store = await bench.open()
    const lines = await stored(store, [
      resolvedOf('a', ['x@1.0.0', 'express@4.21.0']),
      resolvedOf('b', ['x@1.0.0', 'express@4.21.0']),
      resolvedOf('c', ['x@1.0.0']),
    ])
    await keepComponents(store, new Map(lines.map((line) => [line.observation, line.one])))
    const held = await store.components.holding(['npm:express', 'PyPI:express'])
    expect(held.map((one) => [one.observation, one.version, one.how]).sort()).toEqual(
      lines
        .slice(0, 2)
        .map((line) => [line.observation, '4.21.0', 'starts'])
        .sort(),
    )
    expect(await store.components.holding(['npm:left-pad'])).toEqual([])
  })

  test('what was never drawn is drawn from the objects, once', async () => {
    const store = await bench.open()
    const lines = await stored(store, [resolvedOf('a', ['x@1.0.0']), resolvedOf('b', [])])
    const unreadable = await store.objects.put('{"kind":"resolved-package","state":"of old"}')
    const all = [...lines, { kind: 'resolved-package', observation: unreadable }]
    const known = await drawMissing(store, all)
    expect(lines.map((line) => known.get(line.observation))).toEqual(['whole', 'unknown'])
    expect(known.has(unreadable)).toBe(false)
    await drawMissing(store, all)
    expect(await store.components.holding(['npm:x'])).toHaveLength(1)
  })

  test('a name that no index can hold is found all the same', async () => {
    const store = await bench.open()
    const name = `evil\u0000${'x'.repeat(3_000)}`
    const lines = await stored(store, [resolvedOf('a', [`${name}@1.0.0`])])
    await keepComponents(store, new Map(lines.map((line) => [line.observation, line.one])))
    expect(await store.components.holding([`npm:${name}`])).toMatchObject([{ package: `npm:${name}` }])
  })
})
