import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installedPackage } from '@upkeep/lab/servers/installed-package'
import { attemptOn, packageUnderTest, sandboxHere, scriptUnderTest } from '@upkeep/lab/servers/under-test'
import { describe, expect, test } from 'vitest'
import { sdkUriTemplate } from './server-probe.ts'

const sdk = '@modelcontextprotocol/sdk'
const isolates = !('state' in (await sandboxHere()))

const serverWith = (template: string) => `import { McpServer, ResourceTemplate } from '${sdk}/server/mcp.js'
import { StdioServerTransport } from '${sdk}/server/stdio.js'
const server = new McpServer({ name: 'practice', version: '1.0.0' })
server.registerResource('files', new ResourceTemplate('${template}', { list: undefined }), {}, async (uri) => ({
  contents: [{ uri: uri.href, text: 'here' }],
}))
await server.connect(new StdioServerTransport())
`

/** A server of ours over a real SDK of the registry: 1.25.2 is the first that is sound. */
async function builtOn(version: string, template: string) {
  const home = await installedPackage(sdk, version)
  if (home === null) throw new Error('the package registry is out of reach')
  const file = join(home, `practice-${template.includes('*') ? 'exploded' : 'plain'}.mjs`)
  writeFileSync(file, serverWith(template))
  return scriptUnderTest(file, [home])
}

const expected = [
  ['1.25.1', 'files://disk{/path*}', 'broken'],
  ['1.25.2', 'files://disk{/path*}', 'held'],
  ['1.25.1', 'files://disk/{path}', 'not-applicable'],
] as const

describe.skipIf(!isolates)(isolates ? 'a server' : 'a server (skipped: no sandbox)', () => {
  test.each(expected)('on SDK %s with %s: %s', async (version, template, outcome) => {
    const attempt = await attemptOn(await builtOn(version, template), sdkUriTemplate)
    expect(attempt, attempt.detail).toMatchObject({ outcome })
  })

  test('server-everything, whose templates have no such variable: nothing to try', async () => {
    const name = '@modelcontextprotocol/server-everything'
    const home = await installedPackage(name, '2026.8.31')
    const attempt = await attemptOn(packageUnderTest(home ?? '', name), sdkUriTemplate)
    expect(attempt, attempt.detail).toMatchObject({ outcome: 'not-applicable' })
  })
})
