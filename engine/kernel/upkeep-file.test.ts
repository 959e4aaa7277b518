import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '@upkeep/contract/errors'
import { afterAll, describe, expect, it } from 'vitest'
import { parseUpkeepFile, readUpkeepFile } from './upkeep-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'upkeep-file-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function errorOf(act: () => unknown): UserError {
  try {
    act()
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown
    throw thrown
  }
  throw new Error('nothing was wrong')
}
/** What is said to be wrong, line by line. */
function wrong(text: string): string[] {
  const error = errorOf(() => parseUpkeepFile(text, 'upkeep.yaml'))
  expect(error.code).toBe('config-invalid')
  const [first, ...rest] = error.message.split('\n').map((line) => line.trim())
  expect(first).toBe('upkeep.yaml has an error.')
  return rest
}

describe('a good file', () => {
  it('is read with its defaults', () => {
    const text =
      '\uFEFFversion: 1\nprojects: &p [../a]\nfeeds: {osv: *p}\nprobe:\n  - url: http://127.0.0.1:3001/mcp\n    token: env:TOKEN\nduties:\n  health-checks: {cadence: daily, params: {n: 1}}\n'
    expect(parseUpkeepFile(text, 'upkeep.yaml')).toMatchObject({
      profile: 'solo',
      projects: ['../a'],
      feeds: { osv: ['../a'], registry: [] },
      probe: [{ url: 'http://127.0.0.1:3001/mcp', token: 'env:TOKEN' }],
      people: [],
    })
  })
})

describe('a bad file', () => {
  it.each<[string, string, string[]]>([
    [
      'unknown keys',
      'version: 1\nprofil: solo\nfeeds:\n  osw: []\n',
      [
        'line 2: unknown key "profil"; known are: version, profile, projects, probe, gateways, feeds, trust, urgency, images, bundles, servers, people, policies, windows, freezes, dependencies, rings, notify, tickets, outgoing, heartbeat, statusPage, serve, branches, modes, duties',
        'line 4: unknown key "osw" in feeds; known there are: osv, sources, registry',
      ],
    ],
    [
      'an unknown key of a list member',
      'version: 1\nprobe:\n  - url: http://h/mcp\n    tokn: env:A\n',
      [
        'line 4: unknown key "tokn" in probe[0]; known there are: url, name, token, foreignToken, denied, log, upstream, burst, issuers',
      ],
    ],
    [
      'a key that is no name',
      'version: 1\nghp_0123456789abcdefghij: 1\n',
      [
        'line 2: unknown key in a form that is not repeated; known are: version, profile, projects, probe, gateways, feeds, trust, urgency, images, bundles, servers, people, policies, windows, freezes, dependencies, rings, notify, tickets, outgoing, heartbeat, statusPage, serve, branches, modes, duties',
      ],
    ],
    ['a wrong word', 'version: 1\n\nprofile: hunter2\n', ['line 3: profile: solo, team, enterprise was expected']],
    ['a wrong version', 'version: 2\n', ['line 1: version: 1 was expected']],
    ['a missing version', 'profile: solo\n', ['line 1: version is missing']],
    ['a missing key of a member', 'version: 1\nprobe:\n  - name: a\n', ['line 3: probe[0].url is missing']],
    ['a wrong type', 'version: 1\nprojects: hunter2\n', ['line 2: projects: a list was expected']],
    [
      'a secret in the place of its reference',
      'version: 1\nprobe:\n  - url: http://h/mcp\n    token: hunter2\n',
      ['line 4: probe[0].token: another form was expected (Where a bearer token is found: env:NAME or file:/path)'],
    ],
    [
      'a URL of another kind',
      'version: 1\nprobe:\n  - url: ftp://u:hunter2@h/mcp\n',
      ['line 3: probe[0].url: another form was expected (The MCP endpoint, such as http://127.0.0.1:3001/mcp)'],
    ],
    [
      'a wrong cadence',
      'version: 1\nduties:\n  health-checks:\n    cadence: hourly\n',
      ['line 4: duties.health-checks.cadence: daily, weekly, monthly, quarterly was expected'],
    ],
    [
      'a key twice',
      'version: 1\nprofile: solo\nprofile: team\n',
      ['line 3, column 1: a key that stands twice in one map; the last one counts'],
    ],
    ['no map', '- version\n', ['line 1: keys with values were expected']],
    ['an empty file', '', ['line 1: version is missing']],
    ['no YAML', 'version: 1\nprofile: "hunter2\n', ['not well formed YAML, line 3, column 1']],
    [
      'keys that try for the prototype',
      'version: 1\n__proto__: {profile: team}\n',
      [
        'line 2: unknown key in a form that is not repeated; known are: version, profile, projects, probe, gateways, feeds, trust, urgency, images, bundles, servers, people, policies, windows, freezes, dependencies, rings, notify, tickets, outgoing, heartbeat, statusPage, serve, branches, modes, duties',
      ],
    ],
  ])('with %s is refused with its line', (_what, text, expected) => {
    expect(wrong(text)).toEqual(expected)
  })

  it('never has a value repeated', () => {
    const values = ['hunter2', '[hunter2]', '{hunter2: hunter2}', '"hunter2', '*hunter2', '!hunter2 x', '- hunter2']
    for (const key of ['version', 'profile', 'projects', 'probe', 'feeds', 'people', 'duties']) {
      for (const value of values) {
        const act = () => parseUpkeepFile(`version: 1\n${key}: ${value}\n`, 'upkeep.yaml')
        if (key === 'projects' && value === '[hunter2]') act()
        else if (!(key === 'duties' && value.startsWith('{'))) expect(errorOf(act).message).not.toContain('hunter2')
      }
    }
  })

  it('is bounded in what aliases expand to and in what is listed', () => {
    const lines = ['version: 1', 'duties:', '  a0: {params: {x: &a0 [x, x, x, x, x, x, x, x, x]}}']
    for (let n = 1; n < 9; n += 1)
      lines.push(
        `  a${n}: {params: {x: &a${n} [${Array(9)
          .fill(`*a${n - 1}`)
          .join(', ')}]}}`,
      )
    expect(wrong(lines.join('\n'))).toEqual(['more than 200000 values, aliases counted'])
    const many = Array.from({ length: 50 }, (_, n) => `key${'x'.repeat(n)}: 1`).join('\n')
    expect(wrong(`version: 1\n${many}`)).toHaveLength(11)
  })
})

describe('reading', () => {
  it('takes a file, and refuses what is none or is not there', () => {
    const path = join(folder, 'upkeep.yaml')
    writeFileSync(path, 'version: 1\nprofile: team\n')
    expect(readUpkeepFile(path).profile).toBe('team')
    expect(errorOf(() => readUpkeepFile(join(folder, 'none.yaml'))).code).toBe('not-found')
    expect(errorOf(() => readUpkeepFile(folder)).code).toBe('config-invalid')
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    expect(errorOf(() => readUpkeepFile(pipe)).message).toContain('it is not a file')
    writeFileSync(path, Buffer.from([0x76, 0xff]))
    expect(errorOf(() => readUpkeepFile(path)).message).toContain('not UTF-8')
    writeFileSync(path, 'x'.repeat(1024 * 1024 + 1))
    expect(errorOf(() => readUpkeepFile(path)).message).toContain('larger than')
  })
})
