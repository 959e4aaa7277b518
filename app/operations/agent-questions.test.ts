import { chmodSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { accept } from './accept.ts'
import { baselineAccept } from './baseline-accept.ts'
import { findings } from './findings.ts'
import { fix } from './fix.ts'
import { mayUseServer } from './may-use.ts'
import { notices } from './notices.ts'
import { presentPerson } from './person.cases.ts'
import { testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import { whatChanged } from './what-changed.ts'

const plain = { width: 120, colour: false, ascii: true, verbose: false }
const sunday = `windows:
  - { name: Sunday night, rrule: FREQ=WEEKLY;BYDAY=SU, at: '02:00', zone: Europe/Berlin, duration: PT2H }
freezes: [{ from: '2026-12-20T00:00:00Z', until: '2027-01-03T00:00:00Z', why: holidays, servers: [fs] }]
`

/** A product with one server in a file that anybody may write. The clock stands on a Sunday, 09:30 UTC. */
function exposed(yaml = '') {
  const product = testProduct({}, presentPerson())
  product.write('upkeep.yaml', `version: 1\nprofile: solo\n${yaml}`)
  product.declare({ fs: 'one' })
  const config = join(product.home, '.cursor/mcp.json')
  for (const folder of [dirname(product.home), product.home, dirname(config)]) chmodSync(folder, 0o755)
  chmodSync(config, 0o666)
  return product
}

test('may-use: never looked, not seen, not judged, drifted, looked too long ago; each with its reason', async () => {
  const product = exposed()
  const before = await product.run(mayUseServer, { server: 'fs' })
  expect(before).toMatchObject({ output: { answer: 'unknown', servers: [] }, outcome: 'not-evaluated' })
  expect(before.output.reasons).toMatchObject([{ code: 'never-looked' }])
  await product.run(scan)
  expect((await product.run(mayUseServer, { server: 'nobody' })).output.reasons).toMatchObject([{ code: 'not-seen' }])
  const codes = async () =>
    (await product.run(mayUseServer, { server: 'fs' })).output.servers.flatMap(({ reasons }) =>
      reasons.filter(({ code }) => code !== 'not-judged' && code !== 'critical-finding').map(({ code }) => code),
    )
  const unjudged = (await product.run(mayUseServer, { server: 'fs' })).output.servers.flatMap(({ reasons }) => reasons)
  expect(unjudged).toContainEqual(
    expect.objectContaining({ code: 'not-judged', says: expect.stringMatching(/^configuration-drift-detection: /) }),
  )
  await product.run(baselineAccept, { reason: 'as it should be' })
  await product.run(scan, { duties: ['configuration-drift-detection'] })
  expect(await codes()).toEqual([])
  product.declare({ fs: 'another' })
  await product.run(scan, { duties: ['configuration-drift-detection'] })
  expect(await codes()).toEqual(['drift'])
  const drifted = await product.run(mayUseServer, { server: 'fs' })
  expect(drifted).toMatchObject({ output: { answer: 'no' }, outcome: 'findings' })
  expect(drifted.text(plain)).toContain('What is started is not what was approved.')
  product.clock.advance(40 * 86_400)
  expect(await codes()).toEqual(['drift', 'looked-too-long-ago', 'looked-too-long-ago'])
})

test('notices: windows, freezes and what is planned; of one server only what concerns it', async () => {
  const product = exposed(sunday)
  await product.run(scan, { duties: ['vulnerability-scanning'] })
  const { output } = await product.run(fix, { what: ['config-writable-by-others'] })
  const all = (await product.run(notices, { days: 10 })).output
  expect(all.notices.map(({ kind, from, servers, about }) => ({ kind, from, servers, about }))).toEqual([
    { kind: 'planned', from: '2026-11-29T01:00:00.000Z', servers: [], about: output.change?.id },
    { kind: 'freeze', from: '2026-12-20T00:00:00.000Z', servers: ['fs'], about: null },
    { kind: 'window', from: '2026-11-29T01:00:00.000Z', servers: null, about: null },
  ])
  expect(all.notKnown).toHaveLength(2)
  const kinds = async (server: string) =>
    (await product.run(notices, { server, days: 10 })).output.notices.map(({ kind }) => kind)
  expect(await kinds('fs')).toEqual(['freeze', 'window'])
  expect(await kinds('other')).toEqual(['window'])
})

test('what-changed: what was found, accepted, approved and changed since a day, and nothing from before', async () => {
  const product = exposed()
  await product.run(scan)
  await product.run(baselineAccept, { reason: 'as it should be' })
  await product.run(fix, { what: ['config-writable-by-others'] })
  const since = async (day: string) => (await product.run(whatChanged, { since: day })).output.events
  const kinds = new Set((await since('7d')).map(({ kind }) => kind))
  expect([...kinds].sort()).toEqual(
    expect.arrayContaining(['approved-state', 'change-closed', 'change-made', 'change-proposed', 'finding-opened']),
  )
  expect(await since('2026-11-22')).toHaveLength((await since('7d')).length)
  product.clock.advance(3 * 86_400)
  expect(await since('1d')).toEqual([])
  product.declare({ fs: 'another' })
  await product.run(scan, { duties: ['configuration-drift-detection'] })
  expect(await since('1d')).toMatchObject([{ kind: 'finding-opened', names: ['fs'] }])
  const [open] = (await product.run(findings)).output.findings
  await product.run(accept, {
    finding: open?.finding.statement.fingerprint ?? '',
    until: '30d',
    reason: 'known',
    key: 'k',
  })
  expect(await since('1d')).toMatchObject([{ kind: 'accepted', names: ['fs'] }, { kind: 'finding-opened' }])
  const { output } = await product.run(mayUseServer, { server: 'fs' })
  expect(output.servers[0]?.reasons.map(({ code }) => code)).not.toContain('drift')
  await expect(product.run(whatChanged, { since: 'yesterday' })).rejects.toThrow('That is not a day.')
})
