import { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { clientList } from '../client-formats/client-list.ts'
import { declareServer } from '../client-formats/declare-server.ts'
import type { RawEntry } from '../client-formats/raw-entry.ts'

const alphabet = [...'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789']
/** Random text as secrets are: class changes often, so that no allowed shape is met by chance more often than real ones meet it. */
const random = fc
  .array(fc.constantFrom(...alphabet), { minLength: 20, maxLength: 60 })
  .map((letters) =>
    letters.map((letter, n) => (n % 4 === 0 ? letter.toUpperCase() : n % 4 === 2 ? String(n % 10) : letter)).join(''),
  )
const awkward = fc
  .tuple(random, fc.constantFrom('"', '\\', ' ', '/', '+', '=', '&', '%', 'é', '\n', '<', '\u202e', ':', '@'), random)
  .map(([a, between, b]) => `${a}${between}${b}`)
const dictionaryLike = fc.constantFrom('correct horse battery', 'hunter2', 'Summer2026!', 'Tr0ub4dor&3', 'geheim-wort')
const canary = fc.oneof({ weight: 5, arbitrary: random }, { weight: 3, arbitrary: awkward })

const empty: RawEntry = {
  name: 'server',
  project: null,
  command: 'npx',
  args: ['-y', 'pkg@1.0.0'],
  env: new Map(),
  url: null,
  headers: new Map(),
  cwd: null,
  transport: 'stdio',
  disabled: false,
  autoApprove: [],
  other: new Map(),
}

function withArgs(...args: string[]): RawEntry {
  return { ...empty, args: ['-y', 'pkg@1.0.0', ...args] }
}
function withUrl(url: string): RawEntry {
  return { ...empty, command: null, args: [], transport: 'http', url }
}

/** Where a secret may stand, whatever it looks like: values are hidden here by their place. */
const byPlace: Readonly<Record<string, (secret: string) => RawEntry>> = {
  'env value': (secret) => ({ ...empty, env: new Map([['SETTING', secret]]) }),
  'header value': (secret) => ({ ...empty, headers: new Map([['X-Setting', secret]]) }),
  'bearer header': (secret) => ({ ...empty, headers: new Map([['Authorization', `Bearer ${secret}`]]) }),
  'value of a secret flag': (secret) => withArgs('--token', secret),
  'secret flag with =': (secret) => withArgs(`--api-key=${secret}`),
  'header flag': (secret) => withArgs('--header', `Authorization: Bearer ${secret}`),
  'short header flag': (secret) => withArgs('-H', `X-Key: ${secret}`),
  'environment flag': (secret) => withArgs('-e', `NAME=${secret}`),
  'docker environment': (secret) => ({
    ...empty,
    command: 'docker',
    args: ['run', '-i', '-e', `A=${secret}`, `--env=B=${secret}`, `-eC=${secret}`, 'mcp/x'],
  }),
  'env assignment': (secret) => ({ ...empty, command: 'env', args: [`A=${secret}`, 'npx', 'x'] }),
  'default of a reference': (secret) => ({ ...empty, env: new Map([['A', `\${A:-${secret}}`]]) }),
  'command line behind a path': (secret) => ({ ...empty, command: `/opt/server --token ${secret}`, args: [] }),
  'assignment behind a path': (secret) => withArgs(`/opt/x a=${secret} /y`),
  'unknown key': (secret) => ({ ...empty, other: new Map([['note', secret]]) }),
}

/** Where shown and hidden stand side by side: random text is hidden, words are not all. */
const byShape: Readonly<Record<string, (secret: string) => RawEntry>> = {
  argument: (secret) => withArgs(secret),
  'second word behind a path': (secret) => ({ ...empty, command: `/opt/server ${secret}`, args: [`/opt/x ${secret}`] }),
  'flag with =': (secret) => withArgs(`--name=${secret}`),
  'value of a flag': (secret) => withArgs('--name', secret),
  'short flag with value': (secret) => withArgs(`-p${secret}`),
  'name of a flag': (secret) => withArgs(`--${secret}`),
  'whole command': (secret) => ({ ...empty, command: secret, args: [] }),
  'command line in the command': (secret) => ({ ...empty, command: `npx -y pkg ${secret}`, args: [] }),
  'package place': (secret) => ({ ...empty, args: ['-y', secret] }),
  'package version': (secret) => ({ ...empty, args: ['-y', `pkg@${secret}`] }),
  'package source': (secret) => ({ ...empty, args: ['-y', `git+https://u:${secret}@example.com/a/b`] }),
  'python source': (secret) => ({
    ...empty,
    command: 'uvx',
    args: ['--from', `git+https://${secret}@example.com/a`, 'x'],
  }),
  'shell line': (secret) => ({ ...empty, command: 'sh', args: ['-c', `TOKEN=${secret} exec x`] }),
  'cmd line': (secret) => ({ ...empty, command: 'cmd', args: ['/c', `npx x --token ${secret}`] }),
  'image place': (secret) => ({ ...empty, command: 'docker', args: ['run', secret] }),
  'module place': (secret) => ({ ...empty, command: 'python', args: ['-m', secret] }),
  'script place': (secret) => ({ ...empty, command: 'node', args: [secret] }),
  'path part': (secret) => withArgs(`/srv/${secret}/x`, `./${secret}`, `~/${secret}`),
  'url user info': (secret) => withUrl(`https://user:${secret}@example.com/mcp`),
  'url user': (secret) => withUrl(`https://${secret}@example.com/mcp`),
  'url path': (secret) => withUrl(`https://example.com/mcp/${secret}/sse`),
  'url query': (secret) => withUrl(`https://example.com/mcp?key=${secret}`),
  'url query name': (secret) => withUrl(`https://example.com/mcp?${secret}`),
  'url fragment': (secret) => withUrl(`https://example.com/mcp#${secret}`),
  'url host': (secret) => withUrl(`https://${secret}.example.com/mcp`),
  'not a url': (secret) => withUrl(secret),
  'url argument': (secret) => withArgs(`https://example.com/${secret}?a=${secret}#${secret}`),
  'connection string': (secret) => withArgs(`postgresql://u:${secret}@db/x`, `--db=postgresql://u:${secret}@db/x`),
  'env name': (secret) => ({ ...empty, env: new Map([[secret, 'x']]) }),
  'header name': (secret) => ({ ...empty, headers: new Map([[secret, 'x']]) }),
  'key name': (secret) => ({ ...empty, other: new Map([[secret, 'x']]) }),
  'tool name': (secret) => ({ ...empty, autoApprove: [secret] }),
  'working folder': (secret) => ({ ...empty, cwd: secret }),
}

const formats = [[], ...clientList.map(({ expands }) => expands)]

function holds(entry: RawEntry, secret: string): boolean {
  return formats.some((expands) => {
    const file = { client: 'cursor', scope: 'user', path: '/f', project: null, expands } as const
    const server = declareServer(entry, file, (text) => `${text.length}`.padStart(16, '0'))
    const text = JSON.stringify(DeclaredServer.parse(server))
    const forms = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      btoa(encodeURIComponent(secret)),
    ]
    return forms.some((form) => text.includes(form))
  })
}

it.each(Object.entries({ ...byPlace, ...byShape }))('random text is not shown: %s', (_place, make) => {
  fc.assert(
    fc.property(canary, (secret) => {
      expect(holds(make(secret), secret)).toBe(false)
    }),
    { numRuns: 150 },
  )
})

it.each(Object.entries(byPlace))('a secret like writing is not shown either: %s', (_place, make) => {
  fc.assert(
    fc.property(fc.oneof(dictionaryLike, fc.string({ minLength: 8 })), (secret) => {
      fc.pre(secret.trim().length >= 8 || !/^[\s"]*$/.test(secret))
      const around = JSON.stringify(
        DeclaredServer.parse(
          declareServer(
            make('q'),
            { client: 'cursor', scope: 'user', path: '/f', project: null, expands: [] },
            () => '0',
          ),
        ),
      )
      fc.pre(!around.includes(JSON.stringify(secret).slice(1, -1)))
      expect(holds(make(secret), secret)).toBe(false)
    }),
    { numRuns: 150 },
  )
})
