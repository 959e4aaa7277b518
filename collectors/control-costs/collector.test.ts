import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callFor, declaredUrl, realPorts, settingsWith } from '@upkeep/lab/servers/declared'
import { afterAll, expect, it } from 'vitest'
import { controlCosts } from './collector.ts'

const folder = mkdtempSync(join(tmpdir(), 'upkeep-control-costs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const ports = realPorts()
const quantile = { value: 1, low: 0.9, high: null }
const way = {
  way: 'direct',
  controls: [],
  n: 40,
  failures: 0,
  p50: quantile,
  p95: quantile,
  p99: quantile,
  cpuMs: 100,
  memoryBytes: null,
}
const file = {
  ...{
    format: 'upkeep-control-costs/1',
    server: 'everything',
    measuredAt: '2026-11-22T09:00:00.000Z',
    machine: 'two cores',
  },
  ...{ call: 'echo', seed: 1, tolerance: 0.5, ways: [way], again: [], tunings: [] },
}

async function look(text: string | null, name = 'everything') {
  const path = join(folder, 'costs.json')
  if (text === null) rmSync(path, { force: true })
  else writeFileSync(path, text)
  const call = callFor(declaredUrl('http://127.0.0.1:1/', ports))
  const settings = { ...settingsWith({}), servers: [{ name, costs: path }] }
  const [found] = await controlCosts.collect({
    for: call,
    prior: {},
    ports,
    settings,
    at: '2026-11-22T09:00:00.000Z',
    signal: { aborted: false },
  })
  return found
}

it.each([
  ['what was measured', JSON.stringify(file), 'everything', { state: 'seen', facts: { call: 'echo' } }],
  ['no file for this server', JSON.stringify(file), 'other', { state: 'absent' }],
  ['a file that is not there', null, 'everything', { state: 'unavailable', code: 'not-configured' }],
  ['a file that is no JSON', '{', 'everything', { state: 'unavailable', code: 'malformed' }],
  [
    'a number that is a text',
    JSON.stringify({ ...file, seed: 'one' }),
    'everything',
    { state: 'unavailable', reason: expect.stringContaining('at seed') },
  ],
])('%s', async (_name, text, name, expected) => {
  expect(await look(text, name)).toMatchObject(expected)
})
