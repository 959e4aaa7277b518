import { madePorts, pathOf } from '@upkeep/domain/client-edits/testing/made-ports'
import { expect, test } from 'vitest'
import { setClientPermission } from './remediation.ts'

const path = pathOf('cline', '{cline}/')
const text = '{"mcpServers": {"fs": {"command": "npx", "autoApprove": ["read_file", "write_file"]}}}'
const named = { kind: 'set-client-permission' as const, path, server: 'fs', from: ['write_file', 'read_file'] }

test('a tool asks again, once', () => {
  const ports = madePorts({ [path]: text })
  const preview = setClientPermission.preview({ ...named, to: ['read_file'] }, ports)
  expect(preview).toMatchObject({ effects: [{ shown: ['-write_file'] }] })
  ports.make(preview as never)
  expect(ports.text(path)).toBe(text.replace(', "write_file"', ''))
  expect(setClientPermission.preview({ ...named, to: ['read_file'] }, ports)).toMatchObject({ effects: [] })
})

test('lists that are not those of the plan, and clients without any, are left alone', () => {
  const ports = madePorts({ [path]: text })
  expect(setClientPermission.preview({ ...named, from: [], to: ['x'] }, ports)).toMatchObject({
    reason: expect.stringMatching(/other tools/),
  })
  const cursor = pathOf('cursor', '{home}/.cursor/mcp.json')
  const none = madePorts({ [cursor]: '{"mcpServers": {"fs": {"command": "npx"}}}' })
  expect(setClientPermission.preview({ ...named, path: cursor, from: [], to: ['x'] }, none)).toMatchObject({
    reason: expect.stringMatching(/do not say which tools/),
  })
})
