import { describe, expect, test } from 'vitest'
import { integrations } from './integrations.ts'
import { testProduct } from './product.cases.ts'
import { runs } from './runs.ts'
import { scan } from './scan.ts'

/** Tokens of the issuers' shapes that open nothing. */
const githubToken = `ghp_${'abcdefgh'.repeat(5)}`.slice(0, 40)
const otherToken = `ghp_${'hgfedcba'.repeat(5)}`.slice(0, 40)
const slackToken = ['xoxb', '123456789012', 'abcdefghijkl'].join('-')

function declare(product: ReturnType<typeof testProduct>, token = githubToken): void {
  const mcpServers = {
    gh: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-github@1.0.0'], env: { GITHUB_TOKEN: token } },
    releases: { command: 'npx', args: ['-y', 'releases@1.0.0', '/srv/releases'], env: { GITHUB_TOKEN: token } },
    chat: { url: 'https://mcp.slack.com/mcp', headers: { Authorization: `Bearer ${slackToken}` } },
    files: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem@1.0.0', '/srv/data'] },
  }
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers }))
}

async function registered() {
  const product = testProduct()
  declare(product)
  product.write('upkeep.yaml', 'version: 1\nservers:\n  - name: gh\n    owner: platform team\n')
  await product.run(scan, { duties: ['integration-security'] })
  return product
}

const style = { width: 120, colour: false, ascii: false, verbose: false }

describe('the register of integrations', () => {
  test('before its duty ran it looks itself, and stores nothing', async () => {
    const product = testProduct()
    declare(product)
    const fresh = (await product.run(integrations)).output
    expect(fresh.servers.map(({ name }) => name).toSorted()).toEqual(['chat', 'files', 'gh', 'releases'])
    await expect(product.run(runs)).rejects.toMatchObject({ code: 'not-found' })
    await product.run(scan, { duties: ['vulnerability-scanning'] })
    expect((await product.run(integrations)).output.servers).toEqual(fresh.servers)
  })

  test('hosts of connection strings, of vendors that no pack knows, and this machine', async () => {
    const product = testProduct()
    const mcpServers = {
      sql: {
        command: 'npx',
        args: ['-y', '@modelcontextprotocol/server-postgres', 'postgresql://bob:pw@db.corp.example/x'],
      },
      own: { url: 'https://api.vendorx.example/mcp' },
      near: { url: 'http://localhost:3000/mcp' },
    }
    product.write('.cursor/mcp.json', JSON.stringify({ mcpServers }))
    const answer = await product.run(integrations)
    const text = answer.text(style)
    expect(text).toContain('talks to db.corp.example')
    expect(text).toContain('talks to nobody beyond this machine (localhost)')
    expect(text).not.toContain('pw@')
    expect((await product.run(integrations, { vendor: 'vendorx' })).output.servers).toMatchObject([{ name: 'own' }])
    expect((await product.run(integrations, { vendor: 'api' })).output.servers).toEqual([])
  })

  test('every server with its vendors, credentials, data and owner; values never', async () => {
    const answer = await (await registered()).run(integrations)
    const [chat, files, gh, releases] = answer.output.servers.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    expect(chat).toMatchObject({
      owner: null,
      credentials: [{ kind: 'slack-token', vendor: 'slack', stands: 'plain' }],
    })
    expect(files).toMatchObject({ destinations: [], credentials: [], dataRoots: ['/srv/data'] })
    expect(gh).toMatchObject({
      owner: 'platform team',
      credentials: [{ vendor: 'github', beganThen: false, alsoIn: ['releases (cursor)'] }],
    })
    expect(releases).toMatchObject({
      dataRoots: ['/srv/releases'],
      destinations: [{ vendor: 'github', by: 'variable' }, { by: 'secret' }],
    })
    const everything = JSON.stringify([answer.output, answer.table, answer.text(style)])
    for (const secret of [githubToken, slackToken]) expect(everything).not.toContain(secret.slice(5, 25))
  })

  test('if a vendor is breached: these servers, these secrets, these data, these people', async () => {
    const product = await registered()
    for (const vendor of ['github', 'GitHub']) {
      const { output } = await product.run(integrations, { vendor })
      expect(output.radius).toEqual({
        vendor,
        servers: ['gh', 'releases'],
        clients: ['cursor'],
        secrets: [
          { server: 'gh', where: 'variable GITHUB_TOKEN', kind: 'github-token', opensVendor: true },
          { server: 'releases', where: 'variable GITHUB_TOKEN', kind: 'github-token', opensVendor: true },
        ],
        dataRoots: [{ server: 'releases', path: '/srv/releases' }],
        owners: ['platform team'],
        withoutOwner: ['releases'],
        alsoIn: ['gh (cursor)', 'releases (cursor)'],
      })
    }
    expect((await product.run(integrations, { vendor: 'slack.com' })).output.servers).toMatchObject([{ name: 'chat' }])
    const none = await product.run(integrations, { vendor: 'lack.com' })
    expect(none.output.servers).toEqual([])
    expect(none.text(style)).toContain('No server names lack.com')
  })

  test('a value is known to be new once another one was seen before it', async () => {
    const product = await registered()
    product.clock.advance(40 * 86_400)
    declare(product, otherToken)
    await product.run(scan, { duties: ['integration-security'] })
    const { output } = await product.run(integrations, { vendor: 'github' })
    expect(output.servers.map(({ credentials }) => credentials[0]?.beganThen)).toEqual([true, true])
    const chat = (await product.run(integrations, { vendor: 'slack' })).output.servers[0]
    expect(chat?.credentials[0]).toMatchObject({ beganThen: false, sameSince: expect.stringMatching(/^2026-11-22/) })
  })

  test('an entry that cannot be read is not left out in silence', async () => {
    const product = await registered()
    product.write('.cursor/mcp.json', '{"mcpServers": {')
    await product.run(scan, { duties: ['integration-security'] })
    const { output, text } = await product.run(integrations)
    expect(output).toMatchObject({ servers: [], notRead: [{ name: expect.stringContaining('mcp.json') }] })
    expect(text(style)).toContain('1 entry could not be read')
  })
})
