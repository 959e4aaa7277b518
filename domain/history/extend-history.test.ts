import { type Observation, serverSubject } from '@upkeep/contract'
import { describe, expect, test } from 'vitest'
import { copyOf, npx, resolved } from '../advisories/testing/given.ts'
import { extendHistory, nothingRemembered } from './extend-history.ts'
import { fleetLook } from './fleet-look.ts'

const path = '/home/ada/config.json'
const fs = serverSubject('claude-desktop', path, 'fs')
const mail = serverSubject('claude-desktop', path, 'mail')
const config: Observation = {
  kind: 'client-config',
  subject: { kind: 'file', id: `file:${path}`, name: 'config.json' },
  state: 'seen',
  facts: { client: 'claude-desktop', scope: 'user', path, format: 'json', bytes: 2, servers: [], problems: [] },
}
const hidden = { kind: 'hidden', secret: 'github-token', length: 40, fingerprint: 'f' } as const

function has(subject: typeof fs, ...packages: [string, ...string[]]): Observation[] {
  const name = packages[0].replace(/@[^@]*$/, '')
  const env = {
    TOKEN: hidden,
    HOST: { kind: 'plain', text: 'x' },
    KEY: { kind: 'reference', text: 'op://vault/key' },
  } as const
  return [
    { kind: 'declared-server', subject, ...npx(name, null, { name: subject.name, env }) },
    { kind: 'resolved-package', subject, ...resolved(name, [copyOf(...packages)]) },
  ]
}
function unread(subject: typeof fs): Observation[] {
  return [
    { kind: 'declared-server', subject, ...npx('x', null, { name: subject.name }) },
    { kind: 'resolved-package', subject, state: 'unavailable', code: 'timed-out', reason: 'time was up' },
  ]
}

const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T09:00:00.000Z`

/** The windows after these looks, one a day. */
function windows(...looks: Observation[][]): string[] {
  let history = nothingRemembered
  for (const [index, seen] of looks.entries()) {
    history = extendHistory(history, fleetLook(day(index + 1), seen), index === 0 ? null : day(index))
  }
  return history.packages.flatMap(({ name, version, sights }) =>
    sights.map(
      (one) =>
        `${one.server.name} ${name}@${version ?? ''} ${one.firstSeenAt.slice(8, 10)}-${one.lastSeenAt?.slice(8, 10) ?? 'now'}${one.goneBy === undefined ? '' : ` gone by ${one.goneBy.slice(8, 10)}`}`,
    ),
  )
}

describe('when the fleet had what', () => {
  test('a package is there from the first look that saw it', () => {
    expect(windows([config, ...has(fs, 'a@1.0.0')], [config, ...has(fs, 'a@1.0.0')])).toEqual([
      'fs a@ 01-now',
      'fs a@1.0.0 01-now',
    ])
  })

  test('another version ends with the last look that saw it', () => {
    const looks = [has(fs, 'a@1.0.0'), has(fs, 'a@1.0.0'), has(fs, 'a@1.1.0')]
    expect(windows(...looks)).toEqual(['fs a@ 01-now', 'fs a@1.0.0 01-02 gone by 03', 'fs a@1.1.0 03-now'])
  })

  test('a removed entry ends, when its file was read', () => {
    const first = [config, ...has(fs, 'a@1.0.0'), ...has(mail, 'postmark-mcp@1.0.16')]
    const after = windows(first, [config, ...has(fs, 'a@1.0.0')])
    expect(after).toContain('mail postmark-mcp@1.0.16 01-01 gone by 02')
    expect(after).toContain('fs a@1.0.0 01-now')
  })

  test.each<[string, Observation[]]>([
    ['its tree could not be read', [config, ...unread(fs)]],
    ['its file could not be read', [{ ...config, state: 'unavailable', code: 'malformed', reason: 'line 1' }]],
    ['its file lies elsewhere', []],
  ])('what was not looked for stays: %s', (_name, seen) => {
    expect(windows([config, ...has(fs, 'a@1.0.0')], seen)).toContain('fs a@1.0.0 01-now')
  })

  test('what comes back has one window from its first sight', () => {
    const looks = [has(fs, 'a@1.0.0'), has(fs, 'a@1.1.0'), has(fs, 'a@1.0.0')]
    expect(windows(...looks)).toContain('fs a@1.0.0 01-now')
  })
})

test('what a server was given is remembered by place and kind, never by value', () => {
  const history = extendHistory(nothingRemembered, fleetLook(day(1), has(fs, 'a@1.0.0')), null)
  expect(history.packages[0]?.sights[0]?.credentials).toEqual([
    { where: 'env KEY', kind: 'reference' },
    { where: 'env TOKEN', kind: 'github-token' },
  ])
  expect(JSON.stringify(history)).not.toContain('"f"')
})

test('an unchanged fleet changes nothing that is remembered', () => {
  const look = (number: number) => fleetLook(day(number), [config, ...has(fs, 'a@1.0.0', 'b@2.0.0')])
  const first = extendHistory(nothingRemembered, look(1), null)
  let history = first
  for (let number = 2; number <= 30; number += 1) history = extendHistory(history, look(number), day(number - 1))
  expect(history).toEqual(first)
})
