// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the references that clients expand.
import { describe, expect, it } from 'vitest'
import { cursor } from '../client-formats/clients/cursor.ts'
import { declareServer } from '../client-formats/declare-server.ts'
import { parseText } from '../client-formats/parse-text.ts'
import { describeIntegrations } from './describe-integrations.ts'
import { type Vendor, vendorOfHost, vendorOfVariable } from './vendors.ts'

const github: Vendor = {
  id: 'github',
  title: 'GitHub',
  hosts: ['github.com'],
  variables: ['GITHUB_'],
  packages: ['@modelcontextprotocol/server-github'],
  secrets: ['github-token'],
}
const slack: Vendor = {
  id: 'slack',
  title: 'Slack',
  hosts: ['slack.com'],
  variables: ['SLACK_'],
  packages: [],
  secrets: ['slack-token'],
}
const vendors = [github, slack]
/** A token of GitHub's shape that opens nothing. */
const token = `ghp_${'abcdefgh'.repeat(5)}`.slice(0, 40)

/** An entry as Cursor's file has it, read and taken apart by the product's own readers. */
function register(entry: object, metadataHost: string | null = null) {
  const [location] = cursor.locations
  const parsed = parseText(JSON.stringify({ mcpServers: { one: entry } }), 'json')
  if (location === undefined || parsed.state === 'refused') throw new Error('unreadable')
  const [raw] = location.read(parsed.tree).entries
  if (raw === undefined) throw new Error('no entry')
  const file = { client: cursor.client, scope: location.scope, path: '/f', project: null, expands: cursor.expands }
  const declared = declareServer(raw, file, (text) => `fp:${text.length}`)
  return describeIntegrations(declared, vendors, metadataHost)
}

describe('vendors', () => {
  it.each([
    ['github.com', 'github'],
    ['api.GitHub.com:443', 'github'],
    ['github.com.', 'github'],
    ['notgithub.com', undefined],
    ['github.com.evil.example', undefined],
    ['github.co', undefined],
  ])('host %s: %s', (host, vendor) => {
    expect(vendorOfHost(vendors, host)?.id).toBe(vendor)
  })

  it.each([
    ['GITHUB_PERSONAL_ACCESS_TOKEN', 'github'],
    ['github_token', 'github'],
    ['MY_GITHUB_TOKEN', undefined],
    ['GITHUBBER', undefined],
  ])('variable %s: %s', (name, vendor) => {
    expect(vendorOfVariable(vendors, name)?.id).toBe(vendor)
  })
})

describe('what an entry says of itself', () => {
  it('by package, variable and token, each named once, and the token never', () => {
    const args = ['-y', '@modelcontextprotocol/server-github@1.0.0']
    const one = register({ command: 'npx', args, env: { GITHUB_PERSONAL_ACCESS_TOKEN: token } })
    expect(one.destinations.map(({ vendor, by }) => `${vendor} ${by}`)).toEqual([
      'github package',
      'github variable',
      'github secret',
    ])
    expect(one.credentials).toEqual([
      {
        where: 'variable GITHUB_PERSONAL_ACCESS_TOKEN',
        kind: 'github-token',
        stands: 'plain',
        fingerprint: 'fp:40',
        vendor: 'github',
      },
    ])
    expect(JSON.stringify(one)).not.toContain(token)
  })

  it('a reference is a credential that stands elsewhere', () => {
    const { credentials } = register({
      command: 'npx',
      args: ['x@1.0.0'],
      env: { SLACK_BOT_TOKEN: '${env:SLACK_BOT_TOKEN}', REGION: '${env:REGION}' },
    })
    expect(credentials).toEqual([
      { where: 'variable SLACK_BOT_TOKEN', kind: 'reference', stands: 'reference', fingerprint: null, vendor: 'slack' },
    ])
  })

  it('the URL that mcp-remote is given, its header, and what of both may be shown', () => {
    const args = [
      '-y',
      'mcp-remote@0.1.16',
      'https://mcp.slack.com/mcp?key=hunter2secret',
      '--header',
      'Authorization: Bearer hunter2secret',
    ]
    const one = register({ command: 'npx', args })
    expect(one.destinations[0]).toMatchObject({
      vendor: 'slack',
      host: 'mcp.slack.com',
      by: 'argument',
      where: 'argument 3',
    })
    expect(one.credentials.map(({ where, stands, vendor }) => [where, stands, vendor])).toContainEqual([
      'argument 5 (Authorization)',
      'plain',
      'slack',
    ])
    expect(JSON.stringify(one)).not.toContain('hunter2')
  })

  it('a header opens the vendor whose address it is sent to', () => {
    const one = register(
      { url: 'https://api.github.com/mcp', headers: { Authorization: 'Bearer abcdefgh12345678' } },
      'auth.example.com',
    )
    expect(one.credentials).toMatchObject([{ where: 'header Authorization', vendor: 'github' }])
    expect(one.destinations).toContainEqual({
      vendor: null,
      title: null,
      host: 'auth.example.com',
      by: 'authorization-server',
      where: 'endpoint',
    })
  })

  it.each([
    ['http://mcp.example.com/mcp', ['mcp.example.com']],
    ['http://10.0.0.5:8080/mcp', ['10.0.0.5']],
    ['https://mcp.example.com/mcp', []],
    ['http://127.0.0.1:3000/mcp', []],
    ['http://localhost/mcp', []],
    ['http://[::1]:3000/mcp', []],
    ['http://localhost.example.com/mcp', ['localhost.example.com']],
    ['http://127.0.0.1.example.com/mcp', ['127.0.0.1.example.com']],
  ])('%s without TLS: %s', (url, hosts) => {
    expect(register({ url }).withoutTls.map(({ host }) => host)).toEqual(hosts)
  })

  it.each([
    [['-y', 'fs@1.0.0', '/srv/data', '~/notes'], 'npx', ['/srv/data', '~/notes']],
    [['/srv/server.js', '--root=/srv/data', '--verbose'], 'node', ['/srv/data']],
    [['run', '-i', '--mount', 'type=bind,src=/srv/data,dst=/data', 'mcp/fs'], 'docker', ['/srv/data']],
    [['run', '-v', '/srv/data:/data', 'mcp/fs'], 'docker', ['/srv/data']],
    [['/opt/upkeep.js', 'run-with', '--set', 'K', '/home/k', '--', 'npx', 'fs@1.0.0', '/srv'], 'node', ['/srv']],
    [['run-with', '--set', 'K', '/home/k', '--', 'npx', 'fs@1.0.0', '/srv'], 'upkeep', ['/srv']],
    [['/opt/run-with', '/srv/data', '--', '/srv/more'], 'serve', ['/opt/run-with', '/srv/data', '/srv/more']],
  ])('data roots of %j', (args, command, roots) => {
    expect(register({ command, args }).dataRoots).toEqual(roots)
  })

  it('random text under a name that is no secret is accused of nothing', () => {
    const { credentials } = register({ command: 'x', env: { PROJECT: 'a1B2c3D4e5F6g7H8i9J0k1L2' } })
    expect(credentials).toEqual([])
  })
})
