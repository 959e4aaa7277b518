import { madePorts, pathOf } from '@upkeep/domain/client-edits/testing/made-ports'
import { expect, test } from 'vitest'
import { removeServer } from './remediation.ts'

const path = pathOf('codex', 'config.toml')
const key = ['sk', 'live', 'a1B2c3D4e5F6g7H8'].join('_')
const text = `# mine\n[mcp_servers.fs] # old\ncommand = "npx"\nargs = ["fs@1", "--api-key=${key}"]\n\n[mcp_servers.git]\ncommand = "uvx"\n`
const named = { kind: 'remove-server' as const, path }

test('an entry goes with its table, and no secret of it is shown', () => {
  const ports = madePorts({ [path]: text })
  const preview = removeServer.preview({ ...named, server: 'fs' }, ports)
  expect(JSON.stringify(preview)).not.toContain(key)
  expect(preview).toMatchObject({ effects: [{ shown: ['-fs: npx fs@1 --api-key=…'] }] })
  ports.make(preview as never)
  expect(ports.text(path)).toContain('[mcp_servers.git]\ncommand = "uvx"\n')
  expect(ports.text(path)).not.toContain('fs')
  expect(removeServer.preview({ ...named, server: 'fs' }, ports)).toMatchObject({ state: 'possible', effects: [] })
})

test('a file that is not well formed, or not UTF-8, is left alone', () => {
  expect(removeServer.preview({ ...named, server: 'fs' }, madePorts({ [path]: '[mcp' }))).toMatchObject({
    state: 'unavailable',
  })
  expect(removeServer.preview({ ...named, server: 'fs' }, madePorts({ [path]: `${text}# \uFFFD` }))).toMatchObject({
    reason: expect.stringMatching(/UTF-8/),
  })
})
