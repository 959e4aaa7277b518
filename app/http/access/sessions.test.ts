import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sessionFiles } from './session-files.ts'
import { fitsPage, openSessions } from './sessions.ts'

const minute = 60_000
const issuer = 'https://login.example.com'
const lasting = {
  link: { idleMs: 600 * minute, longestMs: 600 * minute },
  provider: { idleMs: 30 * minute, longestMs: 120 * minute },
}
const byProvider = { how: 'provider', identity: { subject: 'x', email: null }, sid: 'there', idToken: 'x.y.z' } as const

function at(start = 0) {
  const clock = { now: start }
  return { clock, sessions: openSessions({ lasting, files: null, issuer, now: () => clock.now }) }
}

/** A process of an installation, whose state folder others open too. */
function process(stateDir: string, clock: { now: number }, of = issuer) {
  return openSessions({ lasting, files: sessionFiles(stateDir, of), issuer: of, now: () => clock.now })
}

const folder = () => mkdtempSync(join(tmpdir(), 'upkeep-sessions-'))

test('a session ends when its person did nothing for so long; what their browser does by itself counts for nothing', () => {
  const { clock, sessions } = at()
  const { secret } = sessions.begin(byProvider)
  for (let count = 0; count < 2; count += 1) {
    clock.now += 20 * minute
    expect(sessions.find(secret, true)).not.toBeNull()
  }
  clock.now += 20 * minute
  expect(sessions.find(secret, false)).not.toBeNull()
  clock.now += 10 * minute
  expect(sessions.find(secret, true)).toBeNull()
})

test('a session ends after its longest, whatever was done', () => {
  const { clock, sessions } = at()
  const { secret } = sessions.begin(byProvider)
  for (; clock.now < 119 * minute; clock.now += 7 * minute) expect(sessions.find(secret, true)).not.toBeNull()
  clock.now = 120 * minute
  expect(sessions.find(secret, true)).toBeNull()
})

test('by a link nothing but the longest counts', () => {
  const { clock, sessions } = at()
  const { secret } = sessions.begin({ how: 'link' })
  clock.now = 599 * minute
  expect(sessions.find(secret, true)).not.toBeNull()
})

test('one that was ended, or never was, is none; each has a secret of its own', () => {
  const { sessions } = at()
  const [one, other] = [sessions.begin({ how: 'link' }), sessions.begin({ how: 'link' })]
  expect(one.secret).not.toBe(other.secret)
  expect(sessions.end(one.secret)).not.toBeNull()
  expect(sessions.find(one.secret, true)).toBeNull()
  expect(sessions.find(other.secret, true)).not.toBeNull()
  expect(sessions.find('A'.repeat(43), true)).toBeNull()
})

test('their number is bounded: the oldest go first', () => {
  const { sessions } = at()
  const first = sessions.begin({ how: 'link' })
  for (let count = 0; count < 5_000; count += 1) sessions.begin({ how: 'link' })
  expect(sessions.find(first.secret, true)).toBeNull()
})

test('what a provider signed in outlasts the process; what the link opened ends with it', () => {
  const [state, clock] = [folder(), { now: 0 }]
  const before = process(state, clock)
  const [one, linked] = [before.begin(byProvider), before.begin({ how: 'link' })]
  clock.now += 20 * minute
  before.find(one.secret, true)
  const after = process(state, clock)
  expect(after.find(one.secret, true)).toMatchObject({ by: { how: 'provider', identity: { subject: 'x' } }, since: 0 })
  expect(after.find(linked.secret, true)).toBeNull()
  // What was done before the end of the process counts, and its limits go on.
  clock.now += 29 * minute
  expect(process(state, clock).find(one.secret, true)).not.toBeNull()
  clock.now = 120 * minute
  expect(process(state, clock).find(one.secret, true)).toBeNull()
  expect(readdirSync(join(state, 'sessions'))).toEqual([])
})

test('a copy of what is kept opens nothing, and no token of the provider can be read in it', () => {
  const [state, clock] = [folder(), { now: 0 }]
  const { secret } = process(state, clock).begin({ ...byProvider, idToken: 'eyJ.of.ada', sid: 'sid-there' })
  const [name = ''] = readdirSync(join(state, 'sessions'))
  const path = join(state, 'sessions', name)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const text = readFileSync(path, 'utf8')
  for (const hidden of [secret, 'eyJ', 'sid-there']) expect(`${name} ${text}`).not.toContain(hidden)
  const thief = process(state, clock)
  for (const shown of [name, Buffer.from(name, 'hex').toString('base64url'), JSON.parse(text).idToken, `../${name}`])
    expect(thief.find(shown, true)).toBeNull()
  // Who holds the secret reads the token with it.
  expect(thief.end(secret)).toMatchObject({ idToken: 'eyJ.of.ada' })
})

test('one that was ended is ended in every process, and is not written down again', () => {
  const [state, clock] = [folder(), { now: 0 }]
  const [one, other] = [process(state, clock), process(state, clock)]
  const { secret } = one.begin(byProvider)
  expect(other.find(secret, true)).not.toBeNull()
  one.end(secret)
  clock.now += 5 * minute
  expect(other.find(secret, true)).toBeNull()
  expect(readdirSync(join(state, 'sessions'))).toEqual([])
})

test('one that a page bound to itself is bound in every process, and after a restart; its key cannot be read in what is kept', () => {
  const [state, clock] = [folder(), { now: 0 }]
  const [one, other] = [process(state, clock), process(state, clock)]
  const { secret } = one.begin(byProvider)
  expect(other.find(secret, true)?.page).toBeNull()
  const [mine, theirs] = ['m'.repeat(43), 't'.repeat(43)]
  expect(one.bind(secret, mine)).toBe(true)
  for (const each of [one, other, process(state, clock)]) {
    const session = each.find(secret, true)
    expect(session !== null && [mine, theirs, undefined].map((key) => fitsPage(session, key))).toEqual([
      true,
      false,
      false,
    ])
    expect([each.bind(secret, theirs), each.bind(secret, mine)]).toEqual([false, true])
  }
  const [name = ''] = readdirSync(join(state, 'sessions'))
  expect(readFileSync(join(state, 'sessions', name), 'utf8')).not.toContain(mine)
  one.end(secret)
  expect([other.bind(secret, mine), readdirSync(join(state, 'sessions'))]).toEqual([false, []])
})

test('one of another provider, or a file that cannot be read, is none', () => {
  const [state, clock] = [folder(), { now: 0 }]
  const { secret } = process(state, clock).begin(byProvider)
  expect(process(state, clock, 'https://other.example').find(secret, true)).toBeNull()
  const [name = ''] = readdirSync(join(state, 'sessions'))
  const path = join(state, 'sessions', name)
  const whole = JSON.parse(readFileSync(path, 'utf8'))
  for (const broken of ['', '{', JSON.stringify({ ...whole, until: 'never' }), JSON.stringify({ ...whole, more: 1 })]) {
    writeFileSync(path, broken)
    expect(process(state, clock).find(secret, true)).toBeNull()
  }
})

test('the provider ends one of its sessions, or all of somebody that began before; and nobody else', () => {
  const [state, clock] = [folder(), { now: 0 }]
  const sessions = process(state, clock)
  const begin = (subject: string, sid: string | null) =>
    sessions.begin({ ...byProvider, identity: { subject, email: null }, sid }).secret
  const [ada1, ada2, bob] = [begin('ada', 's1'), begin('ada', 's2'), begin('bob', null)]
  const open = (...secrets: string[]) => secrets.map((secret) => sessions.find(secret, true) !== null)
  expect(sessions.endOf({ subject: 'bob', sid: 's1', before: 10 })).toEqual([])
  expect(sessions.endOf({ subject: null, sid: 's1', before: 10 })).toMatchObject([{ subject: 'ada' }])
  expect(open(ada1, ada2, bob)).toEqual([false, true, true])
  clock.now = 5 * minute
  const later = begin('ada', 's3')
  // Another process was told.
  expect(process(state, clock).endOf({ subject: 'ada', sid: null, before: minute })).toHaveLength(1)
  expect(open(ada2, bob, later)).toEqual([false, true, true])
})

test('who works at one process of an installation is not idle at another, and nobody who signs in there ends it', () => {
  const state = folder()
  const clock = { now: Date.UTC(2026, 10, 28) }
  const here = process(state, clock)
  const { secret } = here.begin(byProvider)
  expect(here.bind(secret, 'the key of the page')).toBe(true)
  const there = process(state, clock)
  for (let count = 0; count < 2; count += 1) {
    clock.now += 20 * minute
    expect(here.find(secret, true)).not.toBeNull()
  }
  expect(there.find(secret, false)).not.toBeNull()
  clock.now += 20 * minute
  expect(here.find(secret, true)).not.toBeNull()
  clock.now += 20 * minute
  there.begin(byProvider)
  expect(here.find(secret, true)).not.toBeNull()
  clock.now += 30 * minute
  expect([here.find(secret, true), there.find(secret, true)]).toEqual([null, null])
})
