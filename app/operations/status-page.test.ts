import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { emergency } from './emergency.ts'
import { drifted, toldHome } from './notify.cases.ts'
import { presentPerson } from './person.cases.ts'
import { statusPage } from './status-page.ts'

/** The clock of the test stands on a Sunday, 09:30 UTC. */
const sunday = `windows:
  - { name: the secret project, rrule: FREQ=WEEKLY;BYDAY=SU, at: '10:00', zone: UTC, duration: PT2H, servers: [fs] }
  - { name: another, rrule: FREQ=WEEKLY;BYDAY=MO, at: '10:00', zone: UTC, duration: PT2H, servers: [nobody] }
`

test('before anything was looked at nothing is fine', async () => {
  const told = await toldHome('statusPage: { servers: [fs, web, gone] }\n')
  const { output } = await told.product.run(statusPage)
  expect(output.servers).toEqual(['fs', 'gone', 'web'].map((name) => ({ name, state: 'unknown' })))
  expect(output).toMatchObject({ state: 'unknown', public: false })
})

test('a window is planned, then under way, then over; it says which servers and when, and nothing else', async () => {
  const told = await toldHome(sunday)
  const seen = async () => (await told.product.run(statusPage)).output
  const from = '2026-11-22T10:00:00.000Z'
  expect(await seen()).toMatchObject({ banner: [{ kind: 'planned', servers: ['fs'], from }], state: 'unknown' })
  told.product.clock.set('2026-11-22T10:30:00.000Z')
  const during = await seen()
  expect(during.banner).toMatchObject([{ kind: 'maintenance', until: '2026-11-22T12:00:00.000Z' }])
  expect(during).toMatchObject({
    state: 'maintenance',
    servers: [
      { name: 'fs', state: 'maintenance' },
      { name: 'web', state: 'unknown' },
    ],
  })
  expect(JSON.stringify(during)).not.toMatch(/secret project|nobody/)
  told.product.clock.set('2026-11-22T12:00:01.000Z')
  expect((await seen()).servers[0]).toEqual({ name: 'fs', state: 'unknown' })
})

test('a server in an emergency is degraded, and of findings, changes and paths nothing is told', async () => {
  const told = await toldHome('')
  told.servers(drifted)
  await told.round()
  const opening = told.product.run(emergency, { what: 'web', reason: 'a key was stolen by Mallory' }, 'ada', {
    ...presentPerson(),
    ask: async () => null,
  })
  await expect(opening).rejects.toThrow()
  const folder = join(told.product.home, 'public')
  const { output } = await told.product.run(statusPage, { out: folder })
  expect(output.servers).toEqual([
    { name: 'fs', state: 'unknown' },
    { name: 'web', state: 'degraded' },
  ])
  expect(output.banner).toMatchObject([{ kind: 'emergency', servers: ['web'] }])
  const written = ['index.html', 'status.json'].map((name) =>
    readFileSync(join(folder, name), 'utf8').replace(/<style>[\s\S]*<\/style>/, ''),
  )
  for (const text of written) {
    expect(text).toContain('web')
    expect(text).not.toMatch(/Mallory|stolen|6\.6\.6|mcp\.json|cursor|drift|ada\b/)
    expect(text).not.toContain(told.product.home)
  }
  expect(written[0]).toContain('An emergency is being dealt with')
  expect(written[0]).not.toContain('<script')
})

test('what is not to be shown is not there, in no list and in no notice', async () => {
  const told = await toldHome(`${sunday}statusPage: { public: true, title: 'Tools <b>of</b> Acme', servers: [web] }\n`)
  told.product.clock.set('2026-11-22T10:30:00.000Z')
  const { output } = await told.product.run(statusPage)
  expect(output).toMatchObject({ public: true, banner: [], servers: [{ name: 'web' }] })
  expect(JSON.stringify(output)).not.toContain('"fs"')
})
