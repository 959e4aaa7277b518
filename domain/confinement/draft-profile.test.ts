import { ConfinementProfile } from '@upkeep/contract/confinement'
import type { WatchedAttempt } from '@upkeep/contract/sandbox'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../canonical-json.ts'
import { declareServer } from '../client-formats/declare-server.ts'
import { variableOf } from '../client-formats/fill-in.ts'
import { planRun } from '../run-plan/plan-run.ts'
import { draftProfile, type ProfileGrounds } from './draft-profile.ts'
import { profileLimits, profileWords } from './profile-words.ts'

const home = '/home/ada'
const tree = `${home}/.npm/_npx/0123456789abcdef`
const token = `${'ghp_'}${'a1B2'.repeat(9)}`

function tried(what: WatchedAttempt['what'], target: string, allowed = true): WatchedAttempt {
  return { what, target, allowed, atMs: 1 }
}

function groundsFor(
  args: string[],
  over: { env?: Record<string, string>; attempts?: WatchedAttempt[] | null } = {},
): ProfileGrounds {
  const entry = {
    name: 'fs',
    project: null,
    command: 'npx',
    args: ['-y', '@acme/files@1.2.0', ...args],
    env: new Map(Object.entries(over.env ?? {})),
    url: null,
    headers: new Map<string, string>(),
    cwd: null,
    transport: 'stdio' as const,
    disabled: false,
    autoApprove: [],
    other: new Map<string, string>(),
  }
  const file = {
    client: 'cursor' as const,
    scope: 'user' as const,
    path: `${home}/.cursor/mcp.json`,
    project: null,
    expands: [],
  }
  const server = declareServer(entry, file, () => '0000')
  const start = {
    runtime: 'node' as const,
    file: `${tree}/node_modules/@acme/files/index.js`,
    packages: null,
    shows: [tree],
  }
  const copy = { digest: 'a'.repeat(64) }
  const plan = planRun(server, copy as never, start)
  if (typeof plan === 'string') throw new Error(plan)
  const own = [tried('execute', '/runtime/bin/node'), tried('read-outside', '/srv/0/index.js')]
  const attempts = over.attempts === null ? null : [...own, ...(over.attempts ?? [])]
  return {
    server,
    plan,
    home,
    use: { listed: ['read', 'write'], called: ['read', 'read'], attempts },
    destinations: [],
    asked: { read: [], write: [], network: null },
  }
}

function drafted(grounds: ProfileGrounds): ConfinementProfile {
  const profile = draftProfile(grounds)
  if (typeof profile === 'string') throw new Error(profile)
  return ConfinementProfile.parse(profile)
}

describe('the narrowest profile', () => {
  test('a folder that the entry names is read, and one that was written into is written', () => {
    const { places, words, start, network } = drafted(
      groundsFor([`${home}/docs`, `${home}/notes`], { attempts: [tried('write', '/data/roots/1/new.txt')] }),
    )
    expect(places).toEqual([
      { path: `${home}/docs`, access: 'read', named: 'argument' },
      { path: `${home}/notes`, access: 'write', named: 'argument' },
    ])
    expect(words).toEqual(['npx', '-y', '@acme/files@1.2.0', `${home}/docs`, `${home}/notes`])
    expect({ ownFrom: start.ownFrom, network }).toEqual({ ownFrom: 3, network: 'none' })
  })

  test('of variables only the names are kept, and a file that one names has to be asked for', () => {
    const grounds = groundsFor([], { env: { MEMORY_FILE: `${home}/memory.json`, TOKEN: token } })
    const profile = drafted({ ...grounds, asked: { read: [], write: [`${home}/memory.json`], network: null } })
    expect(profile.places).toEqual([{ path: `${home}/memory.json`, access: 'write', named: 'person' }])
    expect(profile.variables).toEqual(['MEMORY_FILE', 'TOKEN'])
    expect(canonicalJson(profile)).not.toContain(token)
    expect(profileLimits(profile).join()).toContain('--write')
  })

  test('what it looked for and nobody named is told, and not given', () => {
    const attempts = [
      tried('read-outside', '/data/home/.npmrc', false),
      tried('read-outside', '/opt/site/config', false),
    ]
    const { places, learned } = drafted(groundsFor([], { attempts }))
    expect(places).toEqual([])
    expect(learned.lookedFor).toEqual([`${home}/.npmrc`, '/opt/site/config'])
  })

  test('an address that it tried to reach opens the network, as a declared vendor does', () => {
    const grounds = groundsFor([], { attempts: [tried('connect', '127.0.0.1:53', false)] })
    expect(drafted(grounds)).toMatchObject({ network: 'open', learned: { reached: ['127.0.0.1:53'] } })
    expect(drafted({ ...groundsFor([]), destinations: ['api.github.com'] }).network).toBe('open')
    expect(drafted({ ...grounds, asked: { read: [], write: [], network: 'none' } }).network).toBe('none')
    expect(profileLimits(drafted(grounds)).join()).toContain('not for single hosts')
  })

  test('arguments that are hidden or filled in are no part of it', () => {
    const profile = drafted(groundsFor([`--token=${token}`, `${variableOf('HOME')}/x`, 'https://h.example/a']))
    expect(profile.words.slice(3)).toEqual([null, null, null])
  })

  test('the same grounds in another order give the same bytes', () => {
    const attempts = [
      tried('write', '/data/roots/0/a'),
      tried('read-outside', '/opt/a'),
      tried('read-outside', '/opt/b'),
    ]
    const [one, other] = [attempts, attempts.toReversed()].map((each) =>
      canonicalJson(drafted(groundsFor([`${home}/d`], { attempts: each }))),
    )
    expect(one).toBe(other)
  })

  test('unwatched it says so', () => {
    expect(profileWords(drafted(groundsFor([], { attempts: null }))).join()).toContain('could not be watched')
  })

  test('a place below one that it may write is no place of its own: it could be made to lead elsewhere', () => {
    const grounds = groundsFor([`${home}/docs`, `${home}/docs/inner`], {
      attempts: [tried('write', '/data/roots/0/x')],
    })
    expect(drafted(grounds).places.map(({ path }) => path)).toEqual([`${home}/docs`])
  })

  test.each([`${home}/.ssh`, `${home}/.ssh/id`, '/etc', '/', '/usr/share', `${home}/../bob`])(
    '%s is given to nobody, whoever names it',
    (path) => {
      expect(draftProfile({ ...groundsFor([]), asked: { read: [path], write: [], network: null } })).toMatch(
        /keeps secrets|system's own|not an absolute path/,
      )
      expect(drafted(groundsFor([path])).places).toEqual([])
    },
  )
})
