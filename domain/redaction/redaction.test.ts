// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the references that clients expand.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyseLaunch } from '../client-formats/launch.ts'
import { isPath } from './plain-shapes.ts'
import { looksRandom } from './random-text.ts'
import type { isReferenceValue } from './references.ts'
import { safeArgs } from './safe-args.ts'
import { safeUrl } from './safe-url.ts'
import { kindUnderName, safeName, safeNamedValue } from './safe-value.ts'
import { isSecretName, secretKindOf } from './secret-kinds.ts'

/** Paths with the numbers that people and tools write into them. */
const plainPaths = [
  '/tmp/lab-7/up-4550-1/home',
  '/srv/data/2024-11-03/run-17/part-0003',
  'C:\\Users\\ada\\AppData\\Local\\pkg-1.2.3\\x64',
  '/opt/pkg-1.2.3-rc.1-x64/bin',
  '/var/log/2024-11-03T10-22-33Z/a1',
  '/root/.pyenv/versions/3.11.7/lib/python3.11/site-packages/x2/y3',
  '/home/ada/.local/share/app2/v2/2025-06-18/s3',
  '/Users/adaLove/Library/AppSupport/pkg-3.12.1-x86_64/run-4',
]

const print = (text: string) => `fp:${text.length}`

/** One argument as text: what is shown, or `prefix<kind>` where the rest is hidden. */
function shown(command: string, ...args: string[]): string[] {
  return safeArgs(args, analyseLaunch(command, args).roles, [], print).map((value) => {
    if (value.kind === 'hidden') return `${value.prefix ?? ''}<${value.secret}>`
    return value.kind === 'empty' ? '<empty>' : value.kind === 'reference' ? `ref ${value.text}` : value.text
  })
}

describe('arguments', () => {
  it.each<[string, string[], string[]]>([
    [
      'npx',
      ['-y', '@a/b@1.2.3', '/data', '~/x', './y', 'C:\\z', '$HOME/w', '3000', 'stdio'],
      ['-y', '@a/b@1.2.3', '/data', '~/x', './y', 'C:\\z', '$HOME/w', '3000', 'stdio'],
    ],
    [
      'npx',
      ['-y', '@scope/name@2026.8.31', '/tmp/lab-7/up-4550-1/home', '--root=/srv/2024-11-03/run-17/part-0003'],
      ['-y', '@scope/name@2026.8.31', '/tmp/lab-7/up-4550-1/home', '--root=/srv/2024-11-03/run-17/part-0003'],
    ],
    [
      'npx',
      ['x', '--port=3000', '--root=/srv', '--name=Anna', '--verbose'],
      ['x', '--port=3000', '--root=/srv', '--name=<none>', '--verbose'],
    ],
    [
      'npx',
      ['x', '--token', 'short', '--api-key=short', '--password', 'stdio'],
      ['x', '--token', '<named-secret>', '--api-key=<named-secret>', '--password', '<named-secret>'],
    ],
    [
      'npx',
      ['x', '--token', '$TOKEN', '--api-key=${KEY}', '${input:k}'],
      ['x', '--token', 'ref $TOKEN', 'ref --api-key=${KEY}', 'ref ${input:k}'],
    ],
    [
      'npx',
      ['mcp-remote', 'https://h.example/mcp', '--header', 'Authorization: Bearer abcdefgh'],
      ['mcp-remote', 'https://h.example/mcp', '--header', 'Authorization: <bearer-token>'],
    ],
    [
      'npx',
      ['mcp-remote', 'https://H.example/mcp?key=v', '--header', 'Authorization:${AUTH}'],
      ['mcp-remote', 'https://h.example/mcp?key=***<named-secret>', '--header', 'ref Authorization:${AUTH}'],
    ],
    [
      'upkeep',
      ['run-with', '--set', 'A', 'keyring://upkeep/cursor.gh#GH_TOKEN', '--fill', 'B', 'vault://secret/mcp/gh.B#value'],
      [
        'run-with',
        '--set',
        '<none>',
        'ref keyring://upkeep/cursor.gh#GH_TOKEN',
        '--fill',
        '<none>',
        'ref vault://secret/mcp/gh.B#value',
      ],
    ],
    [
      'npx',
      ['x', `vault://secret/mcp#${'a1B2'.repeat(8)}`, 'vault://ada:hunter2@h.example/secret#value'],
      ['x', 'vault://secret/mcp<random-text>', 'vault://h.example/secret<connection-string>'],
    ],
    [
      'docker',
      ['run', '-i', '--rm', '-e', 'GITHUB_TOKEN', '-e', 'MODE=x', 'mcp/github:1.0'],
      ['run', '-i', '--rm', '-e', 'GITHUB_TOKEN', '-e', 'MODE=<none>', 'mcp/github:1.0'],
    ],
    [
      'docker',
      ['run', '--env=API_KEY=abc', '--mount', 'type=bind,src=/a,dst=/b', 'x'],
      ['run', '--env=API_KEY=<named-secret>', '--mount', 'type=bind,src=/a,dst=/b', 'x'],
    ],
    [
      'uvx',
      ['--from', 'git+https://github.com/a/b', 'tool', '--db', 'postgres://u:p@h/d'],
      ['--from', 'git+https://github.com/a/b', 'tool', '--db', 'postgres://h/d<connection-string>'],
    ],
    ['python', ['-m', 'my_server', 'ghp_0123456789abcdefghij'], ['-m', 'my_server', '<github-token>']],
    ['node', ['dist/index.js', 'hello', '', '-pSecret'], ['dist/index.js', '<none>', '<empty>', '<none>']],
    ['sh', ['-c', 'TOKEN=x y'], ['-c', '<none>']],
    ['env', ['MODE=x', 'TOKEN=abc', 'npx', 'p'], ['MODE=<none>', 'TOKEN=<named-secret>', 'npx', 'p']],
    ['server', ['--no-auth', 'run'], ['--no-auth', 'run']],
  ])('%s %j', (command, args, expected) => {
    expect(shown(command, ...args)).toEqual(expected)
  })
})

describe('URLs', () => {
  it.each<[string, string | null, string[]]>([
    ['http://127.0.0.1:3001/mcp', 'http://127.0.0.1:3001/mcp', []],
    ['HTTPS://API.Example.com/v1/mcp-server/', 'https://api.example.com/v1/mcp-server/', []],
    ['http://[::1]:80/sse', 'http://[::1]:80/sse', []],
    ['https://u:p@h/x', 'https://h/x', ['user info named-secret']],
    [
      'https://h/mcp/aB3dE6gH9?token=t&mode=m#f',
      'https://h/mcp/***?token=***&mode=***',
      ['path 2 none', 'query token named-secret', 'query mode none', 'fragment none'],
    ],
    ['https://h/?abc', 'https://h/?***', ['query none']],
    ['https://h/s/sk-ant-api03-abcdefgh', 'https://h/s/***', ['path 2 anthropic-key']],
    ['https://${HOST}/mcp/${input:path}', 'https://${HOST}/mcp/${input:path}', []],
    ['http://127.0.0.1:${PORT:-3001}/mcp', 'http://127.0.0.1:${PORT:-3001}/mcp', []],
    ['http://${REGION}.example.com:${PORT}/mcp', 'http://${REGION}.example.com:${PORT}/mcp', []],
    ['http://${HOST:-hunter2}/mcp', 'http://***/mcp', ['host none']],
    ['https://h/mcp?key=${input:key}', 'https://h/mcp?key=***', ['query key ref']],
    ['https://x9Kq2mZ7pL4t.example.com/', 'https://***.example.com/', ['host none']],
    ['https://h/v1/2024/11/03/report', 'https://h/v1/2024/11/03/report', []],
    ['https://h/mcp/2025-06-18', 'https://h/mcp/2025-06-18', []],
    ['https://h/mcp/4815162342/x', 'https://h/mcp/***/x', ['path 2 none']],
    [
      'https://h/2024/11/hooks/T024BE7LD/B01ABCDEF/x9Kq2mZ7pL4tx9Kq2mZ7',
      'https://h/2024/11/hooks/***/***/***',
      ['path 4 none', 'path 5 none', 'path 6 random-text'],
    ],
    ['not a url', null, ['text none']],
  ])('%s', (text, url, secrets) => {
    const safe = safeUrl(text, ['brace', 'input'], print)
    expect(safe.url).toBe(url)
    expect(
      safe.secrets.map(({ where, value }) => `${where} ${value.kind === 'hidden' ? value.secret : 'ref'}`),
    ).toEqual(secrets)
  })
})

describe('kinds', () => {
  it.each<[string, string | null]>([
    ['ghp_0123456789abcdefghij', 'github-token'],
    ['github_pat_11ABCDEFG0abcdefgh', 'github-token'],
    ['upk_0123456789abcdefghij', 'upkeep-token'],
    ['glpat-abcdefghij0123456789', 'gitlab-token'],
    ['sk-ant-api03-abcdefghij', 'anthropic-key'],
    ['sk-proj-abcdefghij0123456789', 'openai-key'],
    ['sk_live_abcdefgh12345678', 'stripe-key'],
    ['AKIAIOSFODNN7EXAMPLE', 'aws-access-key'],
    ['xoxb-123456789012-abcdef', 'slack-token'],
    ['npm_abcdefghijklmnop1234', 'npm-token'],
    [`AIza${'Sy0123456789abcdefghijk'}`, 'google-api-key'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc', 'jwt'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nx', 'private-key'],
    ['Basic dXNlcjpwYXNz', 'basic-auth'],
    ['Bearer abcdefgh', 'bearer-token'],
    ['https://u:p@h/', 'basic-auth'],
    ['mysql://root:pw@db/x', 'connection-string'],
    ['Server=db;User=sa;Password=x', 'connection-string'],
    ['wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'random-text'],
    ['/hooks/T024BE7LD/B01ABCDEF/x', 'random-text'],
    ['/srv/3f2504e0-4f89-11d3-9a0c-0305e82c3301/x', 'random-text'],
    ['/tmp/lab-7/9f86d081884c7d659a2feaa0c55ad015', 'random-text'],
    ['/var/2024-11-03/run-17/dGhpcyBpcyBhIHNlY3JldCBr', 'random-text'],
    ['production', null],
    ['https://example.com/mcp', null],
    ...plainPaths.map((path): [string, null] => [path, null]),
  ])('%s', (text, kind) => {
    expect(secretKindOf(text)).toBe(kind)
  })

  it('goes by the name where the shape says nothing', () => {
    const named = [
      'GITHUB_TOKEN',
      'apiKey',
      'X-Api-Key',
      'DB_PASSWORD',
      'client_secret',
      'AWS_SECRET_ACCESS_KEY',
      'Authorization',
      '--auth-token',
      'KEY',
      'DATABASE_CONNECTION_STRING',
    ]
    expect(named.filter((name) => !isSecretName(name))).toEqual([])
    const other = [
      'MAX_TOKENS',
      'TOKEN_LIMIT',
      'AUTH_TYPE',
      'PWD',
      'KEYBOARD',
      'PATH',
      'LOG_LEVEL',
      'PUBLIC_KEY',
      'MONKEY',
      'author',
    ]
    expect(other.filter(isSecretName)).toEqual([])
    expect(kindUnderName('GOOGLE_APPLICATION_CREDENTIALS', '/home/u/key.json')).toBe(null)
    expect(kindUnderName('API_KEY', '<YOUR_API_KEY>')).toBe(null)
    expect(kindUnderName('API_KEY', 'hunter2')).toBe('named-secret')
    expect(kindUnderName('MODE', 'fast')).toBe(null)
  })
})

/** What issuers draw at random, in the alphabets that they use; a base64 text may hold slashes, so that it reads like a path. */
const drawn: Readonly<Record<string, fc.Arbitrary<string>>> = {
  hex: bytes(16).map((each) => [...each].map((byte) => byte.toString(16).padStart(2, '0')).join('')),
  uuid: fc.noBias(fc.uuid({ version: 4 })),
  base64: bytes(30).map(base64),
  base64url: bytes(24).map((each) => base64(each).replaceAll('+', '-').replaceAll('/', '_')),
}

function bytes(length: number): fc.Arbitrary<Uint8Array> {
  return fc.noBias(fc.uint8Array({ minLength: length, maxLength: length }))
}

function base64(each: Uint8Array): string {
  return btoa(String.fromCharCode(...each))
}

it.each(Object.entries(drawn))('hides nearly every drawn %s, alone and among dated folders', (_alphabet, arbitrary) => {
  const tokens = fc.sample(arbitrary, { numRuns: 4_000, seed: 7 })
  const missed = tokens.filter((token) => secretKindOf(token) === null)
  expect(missed.length / tokens.length).toBeLessThan(0.015)
  const shownInPath = tokens.filter((token) => isPath(`/srv/data/2024-11-03/run-17/${token}/part-0003`))
  expect(shownInPath.length / tokens.length).toBeLessThan(0.015)
})

describe('values and names', () => {
  it('takes a reference only where the client expands it, and never one with a default', () => {
    const value = (text: string, expands: Parameters<typeof isReferenceValue>[1]) =>
      safeNamedValue('API_KEY', text, expands, print)
    expect(value('${KEY}', ['brace'])).toEqual({ kind: 'reference', text: '${KEY}' })
    expect(value('Bearer ${env:KEY}', ['env'])).toEqual({ kind: 'reference', text: 'Bearer ${env:KEY}' })
    expect(value('op://vault/item/field', [])).toEqual({ kind: 'reference', text: 'op://vault/item/field' })
    expect(value('${KEY}', [])).toMatchObject({ kind: 'hidden', secret: 'none' })
    expect(value('${KEY:-hunter2}', ['brace'])).toMatchObject({ kind: 'hidden', secret: 'named-secret' })
    expect(value('', [])).toEqual({ kind: 'empty' })
  })

  it('replaces names that hold a token or are no names, and cuts long ones', () => {
    expect(safeName('GITHUB_TOKEN', 'identifier', print)).toBe('GITHUB_TOKEN')
    expect(safeName('ghp_0123456789abcdefghij', 'free', print)).toBe('hidden-fp:24')
    expect(safeName('\u001b[31m', 'identifier', print)).toBe('hidden-fp:5')
    expect(safeName('__proto__', 'identifier', print)).toBe('hidden-fp:9')
    expect(safeName('x'.repeat(300), 'free', print)).toBe(`${'x'.repeat(200)}-fp:300`)
    expect(safeName('my server', 'free', print)).toBe('my server')
  })

  it('tells paths from random text', () => {
    const paths = [
      '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-node/bin/node',
      '/home/u/.npm/_npx/15c61037b1978c83/node_modules/x',
      '/Users/Anna/myServer2/index.js',
      '/Users/anna/Library/Application Support/x/server',
      'C:\\Program Files (x86)\\My App\\My Server.exe',
      '${workspaceFolder}',
      '${workspaceFolder}/dist',
      ...plainPaths,
    ]
    expect(paths.filter((path) => !isPath(path))).toEqual([])
    const others = [
      '/9j/4AAQSkZJRgABAQEAYABgAAD2',
      '//host/x',
      'relative',
      '/a?x=y',
      '/srv/Ab3dE6gH9jK2',
      '/hooks/T0000/B000/XXXXXXXX',
      '/hooks/T024BE7LD/B01ABCDEF/x9Kq2mZ7pL4tx9Kq2mZ7',
      '/srv/data/2024-11-03/run-17/9f86d081884c7d65',
      '/tmp/lab-7/3f2504e0-4f89-11d3-9a0c-0305e82c3301/home',
      'C:\\Users\\ada\\wJalrXUtnFEMI7K7MDENG',
      '/srv/abc-123-def-456-ghi-789',
      '/a\u0000b',
      '/opt/x hunter',
      '/opt/x -p y/z',
      '/a b=c/d',
      '/bin/x hunter /data',
    ]
    expect(others.filter(isPath)).toEqual([])
    expect(looksRandom('modelcontextprotocol-server-filesystem')).toBe(false)
  })
})
