import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gatewayProgram, type PracticeGateway, startGateway } from '../servers/practice-gateway.ts'
import { installedEverything } from '../servers/server-everything.ts'
import { decide, newInstallation, removeInstallation, upkeep, writeFiles } from './installation.ts'
import { said, scan, succeed } from './product.ts'

const canDecide = ['script', 'ssh-keygen'].every((tool) => spawnSync(tool, ['--version']).error === undefined)
const program = await gatewayProgram()
const everything = await installedEverything()
const canary = 'canary-of-a-secret'
/** Nothing listens on it: an owner's gateway that is down. */
const down = 'http://127.0.0.1:9'
const place = newInstallation()
const config = join(place.home, '.cursor', 'mcp.json')
const client = '{ "mcpServers": {\n  // mine\n  "mem": { "command": "node", "args": ["/srv/mem.js"] }\n} }\n'

let gateway: PracticeGateway

/** Lists gateways in `upkeep.yaml`, the token of each in a file. */
function listed(...urls: string[]): void {
  const token = `file:${join(place.root, 'token')}`
  const rows = urls.map((url) => `  - { url: '${url}', kind: fiberplane-gateway, token: '${token}' }\n`)
  writeFiles(place.cwd, { 'upkeep.yaml': `version: 1\ngateways:\n${rows.join('')}` })
}

describe.skipIf(program === null || everything === null || !canDecide)('gateways that the owner lists', () => {
  beforeAll(async () => {
    gateway = await startGateway(program ?? '', join(place.root, 'gateway'))
    writeFileSync(join(place.root, 'token'), `${gateway.token}\n`, { mode: 0o600 })
    writeFiles(place.home, { '.cursor/mcp.json': client })
    const mem = { command: process.execPath, args: [everything, 'stdio'], env: { API_KEY: canary } }
    const fs = { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem@2025.3.28', '/srv/data'] }
    await gateway.call('POST', '/servers/config', { name: 'mem', type: 'stdio', ...mem })
    await gateway.call('POST', '/servers/config', { name: 'fs', type: 'stdio', ...fs, sessionMode: 'isolated' })
  })
  afterAll(async () => {
    await gateway?.stop()
    removeInstallation(place)
  })

  test('their servers are seen like those of a client, and no secret of them is kept or shown', async () => {
    listed(gateway.url)
    const seen = await scan(place)
    expect(seen.stdout).toContain('1 gateway asked')
    const servers = await succeed(place, ['servers', 'fiberplane-gateway'])
    expect(servers.stdout).toContain(`fiberplane-gateway: ${gateway.address}`)
    expect(servers.stdout).toMatch(/it runs where\s+its gateway runs/)
    const has = await upkeep(place, ['who-has', '@modelcontextprotocol/server-filesystem@2025.3.28', '--json'])
    expect(has.stdout, said(has)).toContain(`server:fiberplane-gateway:${gateway.address}#fs`)
    const printed = [seen, servers, has].map(said).join('')
    const kept = readdirSync(place.stateDir, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [readFileSync(join(entry.parentPath, entry.name), 'latin1')] : [],
    )
    expect(kept.length).toBeGreaterThan(3)
    for (const text of [printed, ...kept]) {
      expect(text.includes(canary)).toBe(false)
      expect(text.includes(gateway.token)).toBe(false)
    }
  })

  test('a server that appears in a gateway differs from the lock', async () => {
    listed(gateway.url)
    await succeed(place, ['import'])
    await gateway.call('POST', '/servers/config', { name: 'shadow', type: 'http', url: 'http://127.0.0.1:9/mcp' })
    const differs = await upkeep(place, ['enforce', '--plan', '--json'])
    await gateway.call('DELETE', '/servers/config/shadow')
    expect(differs.exitCode, said(differs)).toBe(1)
    expect(JSON.parse(differs.stdout).violations).toMatchObject([
      { server: 'shadow', path: gateway.address, what: ['it is not in the lock'] },
    ])
    rmSync(join(place.cwd, 'upkeep.lock'))
  })

  test('one that is down is unknown, never green', async () => {
    listed(gateway.url, down)
    const seen = await scan(place)
    expect(seen.exitCode).not.toBe(0)
    expect(seen.stdout).toContain('1 gateway could not be asked')
  })

  test('switched off, a server is off in the client and in the gateway; what could not be reached is named; undo gives both back', async () => {
    listed(gateway.url, down)
    const before = await gateway.entry('mem')
    const fixed = await decide(place, ['fix', 'mem', '--disable', '--reason', 'it is not used any more'])
    expect(fixed.code, fixed.screen).toBe(0)
    expect(fixed.screen).toMatch(/the gateway http:\/\/127\.0\.0\.1:9\S* could not be asked/)
    expect(readFileSync(config, 'utf8')).not.toContain('/srv/mem.js')
    expect(await gateway.entry('mem')).toBeNull()
    const undone = await upkeep(place, ['undo', '--reason', 'it is used'])
    expect(undone.exitCode, said(undone)).toBe(0)
    expect(readFileSync(config, 'utf8')).toBe(client)
    expect(await gateway.entry('mem')).toEqual(before)
  })

  test('in an emergency it is off everywhere that could be reached, and the rest is no success', async () => {
    listed(gateway.url, down)
    const ended = await decide(place, ['emergency', 'mem', '--reason', 'it is exploited now'])
    expect(ended.code, ended.screen).toBe(3)
    expect(ended.screen).toContain('contained in part')
    expect(ended.screen).toMatch(/Not known: the gateway http:\/\/127\.0\.0\.1:9\S* could not be asked/)
    expect(await gateway.entry('mem')).toBeNull()
    expect(readFileSync(config, 'utf8')).not.toContain('/srv/mem.js')
    const verified = await upkeep(place, ['verify'])
    expect(verified.exitCode, said(verified)).toBe(0)
  })
})
