import { join } from 'node:path'
import type { FilesPort } from '@upkeep/contract/ports'
import { openFiles } from '@upkeep/engine/ports/files'
import { expect, test } from 'vitest'
import { homeOfClients } from './testing/home-of-clients.ts'

const clients = homeOfClients()
const { put, place, collect } = clients
const entry = { command: 'npx', args: ['-y', 'a@1.0.0'] }

/** The files of this machine, with the folder of what is managed in the home of the test. */
function managedFiles(): FilesPort {
  const { files } = openFiles({ stateDir: null })
  const real = (path: string) => path.replace(/^\/etc\/claude-code/, join(clients.path, 'managed'))
  return {
    ...files,
    read: (path, maxBytes) => files.read(real(path), maxBytes),
    inspect: (path) => files.inspect(real(path)),
  }
}

async function switchedOff(machine = true): Promise<string[]> {
  const seen = await collect(place({ machine, projects: [join(clients.path, 'proj')] }), { files: managedFiles() })
  return seen.flatMap((one) =>
    one.kind === 'declared-server' && one.state === 'seen' && one.facts.disabled
      ? [`${one.facts.client} ${one.facts.scope} ${one.facts.name}`]
      : [],
  )
}

test('what managed settings deny is switched off wherever Claude Code declares it, and in no other client', async () => {
  put('.claude.json', { mcpServers: { fs: entry, other: entry } })
  put('proj/.mcp.json', { mcpServers: { fs: entry } })
  put('.cursor/mcp.json', { mcpServers: { fs: entry } })
  put('managed/managed-mcp.json', { mcpServers: { fs: entry, kept: { command: 'uvx', args: ['b'] } } })
  expect(await switchedOff()).toEqual([])
  put('managed/managed-settings.json', { deniedMcpServers: [{ serverName: 'fs' }] })
  expect((await switchedOff()).sort()).toEqual([
    'claude-code managed fs',
    'claude-code project fs',
    'claude-code user fs',
  ])
  expect(await switchedOff(false)).toEqual([])
  put('managed/managed-settings.json', '{ "deniedMcpServers": [')
  expect(await switchedOff()).toEqual([])
})
