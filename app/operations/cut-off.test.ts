import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fix } from './fix.ts'
import { presentPerson } from './person.cases.ts'
import { testProduct } from './product.cases.ts'
import { undo } from './undo.ts'

const token = `ghp_${'a1B2c3D4'.repeat(5)}`.slice(0, 40)
const github = { command: 'npx', args: ['-y', '@modelcontextprotocol/server-github@2025.4.8'] }
const asked = { what: ['github'], cutOff: true, reason: 'the contract ended', key: 'the key of the test' }
const manifest = '.gemini/extensions/hub/gemini-extension.json'

/** A vendor that four clients name, one of them through our launcher and one by an extension; and a server that is not bound to it. */
function bound() {
  const product = testProduct({}, presentPerson())
  const { home } = product
  const secret = join(home, '.config/upkeep/secrets/cursor.gh.GITHUB_TOKEN')
  const launcher = ['/opt/upkeep/bin/upkeep.js', 'run-with', '--set', 'GITHUB_TOKEN', secret, '--']
  const launched = { command: '/usr/bin/node', args: [...launcher, 'npx', ...github.args] }
  const other = { command: 'npx', args: ['-y', 'fs@1.0.0', '/srv'] }
  product.write(
    '.cursor/mcp.json',
    `{\n  // mine\n  "mcpServers": {"gh": ${JSON.stringify(launched)}, "fs": ${JSON.stringify(other)}}\n}\n`,
  )
  product.write('.claude.json', JSON.stringify({ mcpServers: { hub: { ...github, env: { GITHUB_TOKEN: token } } } }))
  product.write('.claude/settings.json', '{"permissions": {"allow": ["mcp__hub__read", "Read"]}}\n')
  product.write('.codex/config.toml', '# mine\n[mcp_servers.api]\nurl = "https://api.github.com/mcp"\n')
  product.write('.config/upkeep/secrets/cursor.gh.GITHUB_TOKEN', `# upkeep secret 0\n${token}\n`)
  product.write('upkeep.yaml', 'version: 1\nservers:\n  - name: hub\n    owner: ada\n')
  const names = ['.cursor/mcp.json', '.claude.json', '.claude/settings.json', '.codex/config.toml']
  const read = (name: string) => readFileSync(join(home, name), 'utf8')
  return { product, secret, names, read, before: names.map(read) }
}

test('every reference of every client goes, with the rules and the secret; what no change reaches is listed; undo brings all back', async () => {
  const { product, secret, names, read, before } = bound()
  product.write(manifest, JSON.stringify({ name: 'hub', version: '1.0.0', mcpServers: { 'gh-of-hub': github } }))
  const { output } = await product.run(fix, asked)
  const change = output.change
  expect(change).toMatchObject({ outcome: 'done', plan: { title: 'cut github off: api, gh, gh-of-hub, hub' } })
  expect(names.map(read).join('\n')).not.toMatch(/github|hub|"gh"/)
  expect(read('.cursor/mcp.json')).toContain('fs@1.0.0')
  expect(read('.codex/config.toml')).toContain('# mine')
  expect(JSON.parse(read('.claude/settings.json'))).toEqual({ permissions: { allow: ['Read'] } })
  expect(existsSync(secret)).toBe(false)
  const said = change?.plan.limits.join('\n')
  expect(said).toMatch(`github is left in ${join(product.home, manifest)} (gh-of-hub), which is not edited`)
  expect(said).toMatch('revoke what stood in variable GITHUB_TOKEN of hub (github-token) where it was given out')
  expect(said).toMatch(/upkeep\.yaml still names it under servers: hub/)
  expect(change?.sighting?.seen).toEqual([`github is still named: gh-of-hub in ${join(product.home, manifest)}`])
  await product.run(undo)
  expect(names.map(read)).toEqual(before)
  expect(readFileSync(secret, 'utf8')).toContain(token)
})

test('where nothing is left that is seen, and the secret stands nowhere in what is stored', async () => {
  const { product } = bound()
  const { output } = await product.run(fix, asked)
  expect(output.change?.sighting?.seen).toEqual(["no client's file that can be read names github any more"])
  const stored = readdirSync(product.state, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'))
  expect([...stored, JSON.stringify(output)].join('\n')).not.toContain(token)
})

test.each([
  ['nobody is bound to it', 'gitlab', /No server is bound to "gitlab"/],
  [
    'it stands in an extension alone',
    'gh-of-hub',
    /Every reference stands in a file that is not edited: .*gemini-extension\.json/,
  ],
])('%s: nothing is written, and it is said', async (_, what, why) => {
  const { product, names, read, before } = bound()
  product.write(manifest, JSON.stringify({ name: 'hub', version: '1.0.0', mcpServers: { 'gh-of-hub': github } }))
  await expect(product.run(fix, { ...asked, what: [what] })).rejects.toThrow(why)
  expect(names.map(read)).toEqual(before)
})

test('a secret that lies in a store is named: nobody but its owner takes it out', async () => {
  const product = testProduct({}, presentPerson())
  const reference = 'keyring://upkeep/cursor.gh#GITHUB_TOKEN'
  const launcher = ['/opt/upkeep/bin/upkeep.js', 'run-with', '--set', 'GITHUB_TOKEN', reference, '--']
  const launched = { command: '/usr/bin/node', args: [...launcher, 'npx', ...github.args] }
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { gh: launched } }))
  const { output } = await product.run(fix, asked)
  expect(output.change?.plan.limits).toContain(
    `the secret of gh lies in its store still, at ${reference}: take it out there`,
  )
})
