import { describe, expect, it } from 'vitest'
import { addEntry } from './add-entry.ts'
import { removeEntry } from './entry-edits.ts'
import { fileOf } from './testing/file-of.ts'
import type { Edited } from './text-edit.ts'

const textOf = (edited: Edited) => (edited.state === 'edited' ? edited.text : `${edited.code}: ${edited.reason}`)
const stdio = { transport: 'stdio', command: 'npx', args: ['-y', 'x@1'], env: { A: 'b' }, cwd: null } as const
const http = { transport: 'http', url: 'https://h.example/mcp', headers: { H: 'v' } } as const

describe.each([
  [
    'claude-desktop',
    'claude_desktop_config.json',
    '{"mcpServers":{"new":{"command":"npx","args":["-y","x@1"],"env":{"A":"b"}}}}',
    null,
  ],
  [
    'claude-code',
    '/.mcp.json',
    '{"mcpServers":{"new":{"type":"stdio","command":"npx","args":["-y","x@1"],"env":{"A":"b"}}}}',
    '{"mcpServers":{"new":{"type":"http","url":"https://h.example/mcp","headers":{"H":"v"}}}}',
  ],
  [
    'cursor',
    '{home}/.cursor/mcp.json',
    '{"mcpServers":{"new":{"command":"npx","args":["-y","x@1"],"env":{"A":"b"}}}}',
    '{"mcpServers":{"new":{"url":"https://h.example/mcp","headers":{"H":"v"}}}}',
  ],
  [
    'vscode',
    '.vscode/mcp.json',
    '{"servers":{"new":{"type":"stdio","command":"npx","args":["-y","x@1"],"env":{"A":"b"}}}}',
    '{"servers":{"new":{"type":"http","url":"https://h.example/mcp","headers":{"H":"v"}}}}',
  ],
  [
    'vscode',
    '.vscode/settings.json',
    '{"mcp":{"servers":{"new":{"type":"stdio","command":"npx","args":["-y","x@1"],"env":{"A":"b"}}}}}',
    '{"mcp":{"servers":{"new":{"type":"http","url":"https://h.example/mcp","headers":{"H":"v"}}}}}',
  ],
  [
    'vscode',
    'mcp-config.json',
    '{"mcpServers":{"new":{"type":"local","tools":["*"],"command":"npx","args":["-y","x@1"],"env":{"A":"b"}}}}',
    '{"mcpServers":{"new":{"type":"http","url":"https://h.example/mcp","headers":{"H":"v"},"tools":["*"]}}}',
  ],
  [
    'windsurf',
    '/windsurf/mcp_config.json',
    '{"mcpServers":{"new":{"command":"npx","args":["-y","x@1"],"env":{"A":"b"}}}}',
    '{"mcpServers":{"new":{"serverUrl":"https://h.example/mcp","headers":{"H":"v"}}}}',
  ],
  [
    'gemini-cli',
    '{home}/.gemini/settings.json',
    '{"mcpServers":{"new":{"command":"npx","args":["-y","x@1"],"env":{"A":"b"}}}}',
    '{"mcpServers":{"new":{"httpUrl":"https://h.example/mcp","headers":{"H":"v"}}}}',
  ],
  [
    'zed',
    '.zed/settings.json',
    '{"context_servers":{"new":{"source":"custom","command":"npx","args":["-y","x@1"],"env":{"A":"b"}}}}',
    '{"context_servers":{"new":{"url":"https://h.example/mcp","headers":{"H":"v"}}}}',
  ],
  [
    'cline',
    '{cline}/',
    '{"mcpServers":{"new":{"command":"npx","args":["-y","x@1"],"env":{"A":"b"}}}}',
    '{"mcpServers":{"new":{"type":"streamableHttp","url":"https://h.example/mcp","headers":{"H":"v"}}}}',
  ],
  [
    'roo-code',
    '.roo/mcp.json',
    '{"mcpServers":{"new":{"command":"npx","args":["-y","x@1"],"env":{"A":"b"}}}}',
    '{"mcpServers":{"new":{"type":"streamable-http","url":"https://h.example/mcp","headers":{"H":"v"}}}}',
  ],
  [
    'continue',
    '{continue}/config.json',
    '{"mcpServers":[{"name":"new","command":"npx","args":["-y","x@1"],"env":{"A":"b"}}]}',
    '{"mcpServers":[{"name":"new","type":"streamable-http","url":"https://h.example/mcp","requestOptions":{"headers":{"H":"v"}}}]}',
  ],
  [
    'jetbrains',
    '{home}/.junie/mcp/mcp.json',
    '{"mcpServers":{"new":{"command":"npx","args":["-y","x@1"],"env":{"A":"b"}}}}',
    '{"mcpServers":{"new":{"url":"https://h.example/mcp","headers":{"H":"v"}}}}',
  ],
  [
    'jetbrains',
    '{xdg}/github-copilot',
    '{"servers":{"new":{"command":"npx","args":["-y","x@1"],"env":{"A":"b"}}}}',
    '{"servers":{"new":{"url":"https://h.example/mcp","headers":{"H":"v"}}}}',
  ],
  [
    'lm-studio',
    '.lmstudio/mcp.json',
    '{"mcpServers":{"new":{"command":"npx","args":["-y","x@1"],"env":{"A":"b"}}}}',
    '{"mcpServers":{"new":{"url":"https://h.example/mcp","headers":{"H":"v"}}}}',
  ],
] as const)('a new entry of %s in %s', (client, place, local, remote) => {
  const added = { name: 'new', project: null }
  const file = fileOf(client, place, '{"other":[]}')
  const without = (text: string) => text.replaceAll(/\s/g, '').replace('"other":[],', '')

  it('has its own shape, and is added once', () => {
    const edited = addEntry(file, added, stdio)
    expect(without(textOf(edited))).toBe(local)
    expect(addEntry({ ...file, text: textOf(edited) }, added, stdio)).toMatchObject({ splices: [] })
    expect(addEntry({ ...file, text: textOf(edited) }, added, { ...stdio, command: 'y' })).toMatchObject({
      code: 'ambiguous',
    })
    expect(JSON.parse(textOf(removeEntry({ ...file, text: textOf(edited) }, added)))).toMatchObject({ other: [] })
  })

  it('has its own shape with a URL', () => {
    const edited = addEntry(file, added, http)
    if (remote === null) expect(edited).toMatchObject({ code: 'not-expressible' })
    else expect(without(textOf(edited))).toBe(remote)
  })
})
