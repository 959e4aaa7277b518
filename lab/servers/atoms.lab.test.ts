import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AttackAtoms } from '@upkeep/contract/attack-atom'
import { atomProbe, type Listening } from '@upkeep/domain/attacks/atom-probe'
import { makeAttack } from '@upkeep/domain/attacks/make-attack'
import { attackedOverHttp } from '@upkeep/domain/attacks/over-http'
import { createHttpPort } from '@upkeep/engine/ports/http'
import { describe, expect, inject, test } from 'vitest'
import { installedPackage } from './installed-package.ts'
import { startSdkServer } from './sdk-server.ts'
import { attemptOn, packageUnderTest, sandboxHere, scriptUnderTest } from './under-test.ts'

const file = join(import.meta.dirname, '../../packs/atoms/atoms.json')
const atoms = new Map(AttackAtoms.parse(JSON.parse(readFileSync(file, 'utf8'))).map((atom) => [atom.id, atom]))
const words = {
  held: 'prevented',
  broken: 'missed',
  inconclusive: 'not demonstrated',
  'not-applicable': 'not demonstrated',
}
const mcp = '@modelcontextprotocol/'
type Expected = Record<string, 'prevented' | 'missed' | 'not demonstrated'>

interface Real {
  server: string
  package: string
  version: string
  args: string[]
  env: Record<string, string>
  listens: Listening | null
  expected: Expected
}

/**
 * What must come of it, from what the servers' own documents and sources say: server-everything has no controls at its door but those of
 * the SDK's transport (content type, size, version, sessions), server-filesystem keeps to its folder since 2025.7.1, and so on.
 */
const everythingOverHttp: Expected = {
  'call-without-token': 'missed',
  'call-from-a-page': 'missed',
  'rebound-name': 'missed',
  'reading-from-a-page': 'missed',
  'many-in-one': 'missed',
  'one-id-twice': 'missed',
  'form-post': 'prevented',
  'five-megabytes': 'prevented',
  'unknown-protocol': 'prevented',
  'guessed-session': 'prevented',
  'ended-session': 'prevented',
  'token-for-another': 'not demonstrated',
}
const everything: Expected = {
  'two-hundred-at-once': 'missed',
  'deep-argument': 'missed',
  'fetching-from-inside': 'missed',
  'asking-for-variables': 'missed',
  'characters-of-a-terminal': 'missed',
  'call-that-lasts': 'missed',
  'cancelling-what-is-not': 'prevented',
  'tool-not-offered': 'prevented',
  'number-for-a-text': 'prevented',
  'address-of-a-file': 'prevented',
  'endless-answer': 'prevented',
  'error-on-purpose': 'prevented',
  'secret-as-an-argument': 'prevented',
  'member-of-every-object': 'prevented',
  'listing-that-changes': 'prevented',
  'listing-with-hidden-text': 'prevented',
  'way-up': 'not demonstrated',
  'call-without-token': 'not demonstrated',
}
const filesystem = (version: string, escapes: 'missed' | 'prevented'): Real => ({
  server: `server-filesystem ${version}`,
  package: `${mcp}server-filesystem`,
  version,
  args: ['/data/roots/0'],
  env: {},
  listens: null,
  expected: {
    'way-up': 'prevented',
    'way-through-a-link': escapes,
    'way-in-disguise': 'prevented',
    'writing-outside': 'prevented',
  },
})

const servers: Real[] = [
  {
    server: 'server-everything 2026.8.31 over HTTP',
    package: `${mcp}server-everything`,
    version: '2026.8.31',
    args: ['streamableHttp'],
    env: { PORT: '3001' },
    listens: { port: 3001, path: '/mcp' },
    expected: everythingOverHttp,
  },
  {
    server: 'server-everything 2026.8.31 over stdio',
    package: `${mcp}server-everything`,
    version: '2026.8.31',
    args: [],
    env: {},
    listens: null,
    expected: everything,
  },
  filesystem('2025.3.28', 'missed'),
  filesystem('2025.7.1', 'prevented'),
  {
    server: 'server-memory 2026.8.31',
    package: `${mcp}server-memory`,
    version: '2026.8.31',
    args: [],
    env: { MEMORY_FILE_PATH: '/data/memory.json' },
    listens: null,
    expected: {
      'command-in-a-name': 'prevented',
      'number-for-a-text': 'prevented',
      'connection-of-its-own': 'prevented',
    },
  },
  {
    server: 'server-github 2025.4.8 without a token',
    package: `${mcp}server-github`,
    version: '2025.4.8',
    args: [],
    env: {},
    listens: null,
    expected: { 'request-to-the-client': 'prevented', 'asking-for-variables': 'not demonstrated' },
  },
]

const rows = servers.flatMap((real) =>
  Object.entries(real.expected).map(([id, outcome]) => [real.server, id, outcome, real] as const),
)
const isolates = !('state' in (await sandboxHere()))

describe.skipIf(!isolates)(isolates ? 'atoms on real servers' : 'atoms on real servers (skipped: no sandbox)', () => {
  test.each(rows)('%s, %s: %s', async (_server, id, outcome, { package: name, version, args, env, listens }) => {
    const [home, atom] = [await installedPackage(name, version), atoms.get(id)]
    if (home === null || atom === undefined) throw new Error('the registry is out of reach, or there is no such atom')
    const once = () => attemptOn(packageUnderTest(home, name), atomProbe(atom, { args, env }, listens))
    // A server that refuses may close the connection before its answer is read: that shows nothing, and is tried again.
    let attempt = await once()
    for (
      let more = 2;
      more > 0 && words[attempt.outcome] === 'not demonstrated' && outcome !== 'not demonstrated';
      more -= 1
    )
      attempt = await once()
    expect(words[attempt.outcome], attempt.detail).toBe(outcome)
  })

  const practice = [
    ['rugpull', 'listing-that-changes', 'missed', {}],
    ['poison', 'listing-with-hidden-text', 'missed', {}],
    ['exfil', 'connection-of-its-own', 'missed', { EXFIL_SINK: 'http://127.0.0.1:7099/' }],
    ['exfil', 'listing-that-changes', 'prevented', {}],
    ['nearmiss', 'listing-with-hidden-text', 'prevented', {}],
    ['nearmiss', 'connection-of-its-own', 'prevented', {}],
  ] as const
  test.each(practice)('practice server %s, %s: %s', async (fixture, id, outcome, env) => {
    const script = inject('fleet').fixtures.find(({ name }) => name === fixture)?.script
    const atom = atoms.get(id)
    if (script === undefined || atom === undefined) throw new Error('there is no such fixture or atom')
    const attempt = await attemptOn(scriptUnderTest(script, [dirname(script)]), atomProbe(atom, { env }))
    expect(words[attempt.outcome], attempt.detail).toBe(outcome)
  })

  test('twenty-five atoms and more were really made on servers of the registry or of the SDK', () => {
    const made = new Set(
      [...servers, ...sdkServers].flatMap(({ expected }) =>
        Object.entries(expected).flatMap(([id, outcome]) => (outcome === 'not demonstrated' ? [] : [id])),
      ),
    )
    expect(made.size).toBeGreaterThanOrEqual(25)
  })
})

const sdkServers: { options: Parameters<typeof startSdkServer>[0]; expected: Expected }[] = [
  {
    options: { authentication: 'bearer', guards: true },
    expected: {
      'call-without-token': 'prevented',
      'token-for-another': 'prevented',
      'token-past-its-time': 'prevented',
      'token-in-address': 'prevented',
      'call-from-a-page': 'prevented',
      'rebound-name': 'prevented',
    },
  },
  {
    options: { authentication: 'any-audience', guards: false },
    expected: { 'token-for-another': 'missed', 'token-past-its-time': 'prevented', 'call-from-a-page': 'missed' },
  },
]

describe.each(sdkServers)(
  'a server on the official SDK with authentication: $options.authentication',
  ({ options, expected }) => {
    test.each(Object.entries(expected))('%s: %s', async (id, outcome) => {
      const atom = atoms.get(id)
      const running = await startSdkServer(options)
      try {
        const tokens = { own: running.token, foreignAudience: running.foreignToken, expired: running.expiredToken }
        const nothing = { root: '', inside: '', outside: '', link: '', sink: '', written: '' }
        const attacked = await attackedOverHttp(createHttpPort(), running.url, tokens, {
          places: nothing,
          end: async (said) => ({ said, log: '', written: null, calledSink: null }),
        })
        if (typeof attacked === 'string' || atom === undefined) throw new Error(String(attacked))
        const attempt = await makeAttack(atom, attacked)
        expect(words[attempt.outcome], attempt.detail).toBe(outcome)
      } finally {
        await running.close()
      }
    })
  },
)
