import { madePorts, pathOf } from '@upkeep/domain/client-edits/testing/made-ports'
import { variableOf } from '@upkeep/domain/client-formats/fill-in'
import { expect, test } from 'vitest'
import { addServer } from './remediation.ts'

const path = pathOf('cursor', '{home}/.cursor/mcp.json')
const text = '{ "mcpServers": {} } // none yet\n'
const entry = {
  transport: 'stdio' as const,
  command: 'npx',
  args: ['fs@1', '/srv'],
  env: { TOKEN: variableOf('env:TOKEN') },
  cwd: null,
}
const named = { kind: 'add-server' as const, path, server: 'fs', entry }

test('a server is declared once', () => {
  const ports = madePorts({ [path]: text })
  expect(ports.make(addServer.preview(named, ports) as never)).toBe(1)
  expect(ports.text(path)).toContain('// none yet')
  expect(ports.text(path)).toContain('"fs"')
  expect(addServer.preview(named, ports)).toMatchObject({ state: 'possible', effects: [] })
})

test('a name that is taken by another, or a secret, is refused', () => {
  const taken = madePorts({ [path]: '{"mcpServers": {"fs": {"command": "other"}}}' })
  expect(addServer.preview(named, taken)).toMatchObject({ reason: expect.stringMatching(/the name is taken/) })
  const secret = { ...entry, env: { TOKEN: `${'ghp_'}${'a1B2'.repeat(9)}` } }
  const preview = addServer.preview({ ...named, entry: secret }, madePorts({ [path]: text }))
  expect(preview).toMatchObject({ reason: expect.stringMatching(/name a reference/) })
  const address = {
    transport: 'http' as const,
    url: 'https://h.example/mcp',
    headers: { Authorization: `Bearer ${'a1B2c3D4'.repeat(5)}` },
  }
  expect(addServer.preview({ ...named, entry: address }, madePorts({ [path]: text }))).toMatchObject({
    state: 'unavailable',
  })
  const plain = { ...address, headers: { 'X-Team': 'blue' } }
  expect(addServer.preview({ ...named, entry: plain }, madePorts({ [path]: text }))).toMatchObject({
    state: 'possible',
  })
})
