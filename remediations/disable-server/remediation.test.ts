import { madePorts, pathOf } from '@upkeep/domain/client-edits/testing/made-ports'
import { expect, test } from 'vitest'
import { disableServer } from './remediation.ts'

const entry = '"fs": { "command": "npx", "args": ["fs@1"] }'
const named = { kind: 'disable-server' as const, server: 'fs' }

test('a client with a switch keeps the entry', () => {
  const path = pathOf('cline', '{cline}/')
  const ports = madePorts({ [path]: `{"mcpServers": { ${entry} }}` })
  const preview = disableServer.preview({ ...named, path }, ports)
  expect(preview).toMatchObject({ summary: [`fs is switched off in ${path}`] })
  ports.make(preview as never)
  expect(ports.text(path)).toContain('"command": "npx"')
  expect(JSON.parse(ports.text(path) ?? '').mcpServers.fs.disabled).toBe(true)
  expect(disableServer.preview({ ...named, path }, ports)).toMatchObject({ effects: [] })
})

test('a client without one loses it, and that is said', () => {
  const path = pathOf('claude-desktop', 'claude_desktop_config.json')
  const ports = madePorts({ [path]: `{"mcpServers": { ${entry}, "git": { "command": "git" } }}` })
  const preview = disableServer.preview({ ...named, path }, ports)
  expect(preview).toMatchObject({
    effects: [{ shown: ['-fs: npx fs@1'] }],
    limits: [/started again/, /take the change back/].map((each) => expect.stringMatching(each)),
  })
  ports.make(preview as never)
  expect(JSON.parse(ports.text(path) ?? '')).toEqual({ mcpServers: { git: { command: 'git' } } })
  expect(disableServer.preview({ ...named, path }, ports)).toMatchObject({ state: 'possible', effects: [] })
})

test('an entry of the organisation is taken out of managed-mcp.json, on the machine that it is for', () => {
  const path = '/etc/claude-code/managed-mcp.json'
  const text = `{\n  "mcpServers": {\n    ${entry},\n    "git": { "command": "git" }\n  }\n}\n`
  const ports = madePorts({ [path]: text })
  expect(disableServer.preview({ ...named, path }, ports)).toMatchObject({
    reason: expect.stringContaining('no file of a client'),
  })
  const places = { ...ports.places, list: () => ports.places.list().map((place) => ({ ...place, machine: true })) }
  const preview = disableServer.preview({ ...named, path }, { ...ports, places })
  expect(preview).toMatchObject({ state: 'possible', effects: [{ path }] })
  ports.make(preview as never)
  expect(ports.text(path)).toBe('{\n  "mcpServers": {\n    "git": { "command": "git" }\n  }\n}\n')
})
