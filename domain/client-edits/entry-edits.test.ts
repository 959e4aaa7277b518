import { describe, expect, it } from 'vitest'
import { addEntry } from './add-entry.ts'
import { removeEntry, setArguments, setAutoApprove, setDisabled, setEnvironment, setUrl } from './entry-edits.ts'
import { findEntry } from './entry-file.ts'
import { setPackageVersion } from './set-package-version.ts'
import { fileOf } from './testing/file-of.ts'
import type { Edited } from './text-edit.ts'

const fs = { name: 'fs', project: null }
const textOf = (edited: Edited) => (edited.state === 'edited' ? edited.text : `${edited.code}: ${edited.reason}`)
const cursor = (entry: unknown) =>
  fileOf('cursor', '{home}/.cursor/mcp.json', JSON.stringify({ mcpServers: { fs: entry } }))

describe('the version of a package', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  it.each([
    [['npx', '-y', '@m/fs@2025.3.28', '/data'], '@m/fs', '2.0.1', ['npx', '-y', '@m/fs@2.0.1', '/data']],
    [['npx', '-y', '@m/fs'], '@m/fs', '2.0.1', ['npx', '-y', '@m/fs@2.0.1']],
    [['npx', '@m/fs@^1'], '@m/fs', '2.0.1', ['npx', '@m/fs@2.0.1']],
    [['npx', 'fs@latest', 'fs@latest'], 'fs', '1.0.0', ['npx', 'fs@1.0.0', 'fs@latest']],
    [['npx', '--package=@m/fs@1.0.0', 'run-fs'], '@m/fs', '1.0.1', ['npx', '--package=@m/fs@1.0.1', 'run-fs']],
    [['npx', '-p', 'a@1.0.0', '-p', 'b@1.0.0', 'a'], 'b', '2.0.0', ['npx', '-p', 'a@1.0.0', '-p', 'b@2.0.0', 'a']],
    [['npx', 'x@npm:@m/fs@1.0.0'], '@m/fs', '2.0.0', ['npx', 'x@npm:@m/fs@2.0.0']],
    [['bunx', 'fs@1.0.0'], 'fs', '1.0.1', ['bunx', 'fs@1.0.1']],
    [['npm', 'exec', '--', 'fs@1.0.0'], 'fs', '1.0.1', ['npm', 'exec', '--', 'fs@1.0.1']],
    [
      ['npm', 'exec', '--package', 'fs@1', '--', 'fs'],
      'fs',
      '1.0.1',
      ['npm', 'exec', '--package', 'fs@1.0.1', '--', 'fs'],
    ],
    [['pnpm', 'dlx', 'fs@1.0.0'], 'fs', '1.0.1', ['pnpm', 'dlx', 'fs@1.0.1']],
    [['cmd', '/c', 'npx', '-y', 'fs@1.0.0'], 'fs', '1.0.1', ['cmd', '/c', 'npx', '-y', 'fs@1.0.1']],
    [['cmd', '/c', 'npx -y fs@1.0.0 C:\\d'], 'fs', '1.0.1', ['cmd', '/c', 'npx -y fs@1.0.1 C:\\d']],
    [['npx -y fs@1.0.0'], 'fs', '1.0.1', ['npx -y fs@1.0.1']],
    [['uvx', 'fs'], 'fs', '1.2', ['uvx', 'fs@1.2']],
    [['uvx', 'fs@1.1'], 'fs', '1.2', ['uvx', 'fs@1.2']],
    [['uvx', 'Fs_x[cli]==1.1'], 'fs-x', '1.2', ['uvx', 'Fs_x[cli]==1.2']],
    [['uvx', '--from', 'fs>=1,<2', 'run'], 'fs', '1.2', ['uvx', '--from', 'fs==1.2', 'run']],
    [['uvx', '--from=fs', 'run'], 'fs', '1.2', ['uvx', '--from=fs==1.2', 'run']],
    [['uvx', '--with', 'dep==1.0', 'fs==1.1'], 'dep', '1.1', ['uvx', '--with', 'dep==1.1', 'fs==1.1']],
    [['uv', 'tool', 'run', 'fs==1.1'], 'fs', '1.2', ['uv', 'tool', 'run', 'fs==1.2']],
    [['pipx', 'run', 'fs'], 'fs', '1.2', ['pipx', 'run', 'fs==1.2']],
    [['pipx', 'run', '--spec', 'fs==1.1', 'x'], 'fs', '1.2', ['pipx', 'run', '--spec', 'fs==1.2', 'x']],
    [
      ['docker', 'run', '-i', '--rm', 'mcp/fs:1.0', '/d'],
      'mcp/fs',
      '1.1',
      ['docker', 'run', '-i', '--rm', 'mcp/fs:1.1', '/d'],
    ],
    [['docker', 'run', 'ghcr.io/m/fs'], 'ghcr.io/m/fs', digest, ['docker', 'run', `ghcr.io/m/fs@${digest}`]],
    [['podman', 'run', 'h:5000/fs:1'], 'h:5000/fs', `2@${digest}`, ['podman', 'run', `h:5000/fs:2@${digest}`]],
    [['docker', 'run', `mcp/fs:1@${digest}`], 'mcp/fs', '2', ['docker', 'run', 'mcp/fs:2']],
    [['env', 'A=1', 'npx', 'fs@1.0.0'], 'fs', '1.0.1', ['env', 'A=1', 'npx', 'fs@1.0.1']],
  ])('%j, %s to %s', (line, name, version, expected) => {
    const [command, ...args] = line
    const [newCommand, ...newArgs] = expected
    const edited = setPackageVersion(cursor({ command, args }), fs, { name, version })
    expect(textOf(edited)).toBe(JSON.stringify({ mcpServers: { fs: { command: newCommand, args: newArgs } } }))
  })

  it.each([
    ['no-such-path', ['npx', 'other@1.0.0'], '1.0.1'],
    ['no-such-path', ['node', 'fs.js'], '1.0.1'],
    ['no-such-path', ['npx', 'github:me/fs'], '1.0.1'],
    ['no-such-path', ['bash', '-c', 'npx fs@1.0.0'], '1.0.1'],
    ['no-such-path', ['npx fs@1.0.0 fs@1.0.0'], '1.0.1'],
    ['ambiguous', ['npx', '-p', 'fs@1.0.0', '-p', 'fs@2.0.0', 'fs'], '1.0.1'],
    ['not-expressible', ['npx', 'fs@1.0.0'], '1 && x'],
    ['not-expressible', ['npx', 'fs@1.0.0'], '^1'],
    ['not-expressible', ['docker', 'run', 'fs:1'], 'sha256:abc'],
  ])('refuses as %s: %j to %s', (code, line, version) => {
    const [command, ...args] = line
    expect(setPackageVersion(cursor({ command, args }), fs, { name: 'fs', version })).toMatchObject({ code })
  })
})

describe('arguments', () => {
  const file = cursor({ command: 'x', args: ['a', 'b', 'c'] })
  it('are replaced, taken away and put in by their former places', () => {
    const edited = setArguments(file, fs, [
      { kind: 'replace', index: 0, from: 'a', to: 'A' },
      { kind: 'remove', index: 1, from: 'b' },
      { kind: 'insert', index: 2, before: 'c', text: 'x' },
      { kind: 'insert', index: 3, before: null, text: 'end' },
    ])
    expect(textOf(edited)).toContain('["A","x","c","end"]')
  })

  it('are left alone when they are not what was expected, and when they are what is wanted', () => {
    expect(setArguments(file, fs, [{ kind: 'replace', index: 1, from: 'secret', to: 'x' }])).toMatchObject({
      code: 'no-such-path',
    })
    expect(setArguments(file, fs, [{ kind: 'remove', index: 9, from: 'x' }])).toMatchObject({ code: 'no-such-path' })
    expect(setArguments(file, fs, [{ kind: 'replace', index: 1, from: 'a', to: 'b' }])).toMatchObject({ splices: [] })
    expect(setArguments(file, fs, [{ kind: 'insert', index: 1, before: 'c', text: 'b' }])).toMatchObject({
      splices: [],
    })
  })

  it('are put into an entry that has none', () => {
    const edited = setArguments(cursor({ command: 'x' }), fs, [{ kind: 'insert', index: 0, before: null, text: 'a' }])
    expect(textOf(edited)).toContain('{"command":"x","args":["a"]}')
  })
})

describe('environment and URL', () => {
  it('sets, adds and takes away single names', () => {
    const file = cursor({ command: 'x', env: { A: '1', B: '2' } })
    const values = new Map<string, string | null>([
      ['A', null],
      ['B', 'new'],
      ['C', '3'],
      ['D', null],
    ])
    expect(textOf(setEnvironment(file, fs, values))).toContain('"env":{"B":"new","C":"3"}')
  })

  it('sets the URL under the key that the entry has', () => {
    const file = fileOf('windsurf', '/windsurf/', '{"mcpServers": {"fs": {"serverUrl": "https://a.example"}}}')
    expect(textOf(setUrl(file, fs, 'https://b.example'))).toBe(
      '{"mcpServers": {"fs": {"serverUrl": "https://b.example"}}}',
    )
    expect(setUrl(cursor({ command: 'x' }), fs, 'https://b.example')).toMatchObject({ code: 'no-such-path' })
  })
})

describe('which entry', () => {
  it('is refused when it is not there, or there more than once', () => {
    expect(removeEntry(cursor({ command: 'x' }), { name: 'other', project: null })).toMatchObject({
      code: 'no-such-path',
    })
    expect(removeEntry(cursor({ command: 'x' }), { name: 'fs', project: '/srv' })).toMatchObject({
      code: 'no-such-path',
    })
    const twice = fileOf(
      'cursor',
      '{home}/.cursor/',
      '{"mcpServers": {"fs": {"command": "a"}, "fs": {"command": "b"}}}',
    )
    expect(removeEntry(twice, fs)).toMatchObject({ code: 'ambiguous' })
  })

  it('is refused in files that something else writes anew', () => {
    const manifest = fileOf(
      'claude-desktop',
      'manifest.json',
      '{"name": "fs", "server": {"mcp_config": {"command": "x"}}}',
    )
    expect(removeEntry(manifest, fs)).toMatchObject({ code: 'not-expressible' })
  })
})

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

describe('switches', () => {
  it.each([
    [
      'cline',
      '{cline}/',
      '{"mcpServers":{"fs":{"command":"x"}}}',
      '{"mcpServers":{"fs":{"command":"x","disabled":true}}}',
    ],
    [
      'roo-code',
      '.roo/',
      '{"mcpServers":{"fs":{"command":"x","disabled":false}}}',
      '{"mcpServers":{"fs":{"command":"x","disabled":true}}}',
    ],
    [
      'windsurf',
      '/windsurf/',
      '{"mcpServers":{"fs":{"command":"x"}}}',
      '{"mcpServers":{"fs":{"command":"x","disabled":true}}}',
    ],
    [
      'zed',
      '.zed/',
      '{"context_servers":{"fs":{"command":"x"}}}',
      '{"context_servers":{"fs":{"command":"x","enabled":false}}}',
    ],
    [
      'gemini-cli',
      '{home}/.gemini/settings.json',
      '{"mcpServers":{"fs":{"command":"x"}},"mcp":{"excluded":["a"]}}',
      '{"mcpServers":{"fs":{"command":"x"}},"mcp":{"excluded":["a","fs"]}}',
    ],
    [
      'gemini-cli',
      '{home}/.gemini/settings.json',
      '{"mcpServers":{"fs":{"command":"x"}}}',
      '{"mcpServers":{"fs":{"command":"x"}},"mcp":{"excluded":["fs"]}}',
    ],
  ] as const)('%s in %s: %s', (client, place, before, after) => {
    const file = fileOf(client, place, before)
    const off = setDisabled(file, fs, true)
    expect(textOf(off)).toBe(after)
    expect(setDisabled({ ...file, text: after }, fs, true)).toMatchObject({ splices: [] })
    const on = setDisabled({ ...file, text: after }, fs, false)
    expect(on.state).toBe('edited')
    expect(findEntry({ ...file, text: textOf(on) }, fs)).toMatchObject({ entry: { disabled: false } })
  })

  it.each([
    ['claude-desktop', 'claude_desktop_config.json', 'mcpServers'],
    ['claude-code', '/.mcp.json', 'mcpServers'],
    ['cursor', '{home}/.cursor/', 'mcpServers'],
    ['vscode', '.vscode/mcp.json', 'servers'],
    ['jetbrains', '{home}/.ai', 'mcpServers'],
    ['lm-studio', '.lmstudio/', 'mcpServers'],
    ['continue', '{continue}/config.json', 'mcpServers'],
  ] as const)('%s has none in %s', (client, place, key) => {
    const file = fileOf(client, place, JSON.stringify({ [key]: { fs: { command: 'x' } } }))
    expect(setDisabled(file, fs, true)).toMatchObject({ code: 'not-expressible' })
  })

  it('Claude Code: the list of a project is not relied on to stop a server, and lets it start again', () => {
    const project = { mcpServers: { fs: { command: 'x' } }, disabledMcpServers: ['a', 'fs'] }
    const file = fileOf('claude-code', '.claude.json', JSON.stringify({ projects: { '/p': project } }))
    const inProject = { name: 'fs', project: '/p' }
    expect(setDisabled(file, inProject, true)).toMatchObject({ code: 'not-expressible' })
    expect(textOf(setDisabled(file, inProject, false))).toContain('"disabledMcpServers":["a"]')
  })
})

describe('tools that are called without asking', () => {
  it.each([
    ['cline', '{cline}/', { command: 'x', autoApprove: ['a', 'b'] }, ['b', 'c'], '"autoApprove":["b","c"]'],
    ['cline', '{cline}/', { command: 'x', alwaysAllow: ['a'] }, [], '"alwaysAllow":[]'],
    ['roo-code', '.roo/', { command: 'x' }, ['a'], '"alwaysAllow":["a"]'],
    ['gemini-cli', '{home}/.gemini/settings.json', { command: 'x', trust: true }, [], '"trust":false'],
    ['gemini-cli', '{home}/.gemini/settings.json', { command: 'x' }, ['*'], '"trust":true'],
  ] as const)('%s in %s', (client, place, entry, tools, after) => {
    const file = fileOf(client, place, JSON.stringify({ mcpServers: { fs: entry } }))
    const edited = setAutoApprove(file, fs, tools)
    expect(textOf(edited)).toContain(after)
    expect(setAutoApprove({ ...file, text: textOf(edited) }, fs, tools)).toMatchObject({ splices: [] })
  })

  it('Claude Code: names behind the server’s, others stay', () => {
    const project = {
      allowedTools: ['Bash', 'mcp__fs__read', 'mcp__other', 'mcp__fs__write'],
      mcpServers: { fs: { command: 'x' } },
    }
    const file = fileOf('claude-code', '.claude.json', JSON.stringify({ projects: { '/p': project } }))
    expect(textOf(setAutoApprove(file, { name: 'fs', project: '/p' }, ['read', 'list']))).toContain(
      '["Bash","mcp__fs__read","mcp__other","mcp__fs__list"]',
    )
  })

  it.each([
    ['cursor', '{home}/.cursor/', { mcpServers: { fs: { command: 'x' } } }, []],
    ['zed', '.zed/', { context_servers: { fs: { command: 'x' } }, agent: { always_allow_tool_actions: true } }, []],
    ['gemini-cli', '{home}/.gemini/settings.json', { mcpServers: { fs: { command: 'x' } } }, ['one']],
  ] as const)('%s refuses in %s', (client, place, tree, tools) => {
    expect(setAutoApprove(fileOf(client, place, JSON.stringify(tree)), fs, tools)).toMatchObject({
      code: 'not-expressible',
    })
  })
})

describe('parts that stand below others', () => {
  it('Zed: the older command line is one object', () => {
    const text = '{"context_servers": {"fs": {"command": {"path": "npx", "args": ["a@1.0.0"], "env": {"A": "1"}}}}}'
    const file = fileOf('zed', '.zed/', text)
    expect(textOf(setPackageVersion(file, fs, { name: 'a', version: '1.0.1' }))).toBe(text.replace('1.0.0', '1.0.1'))
    expect(textOf(setEnvironment(file, fs, new Map([['A', '2']])))).toBe(text.replace('"1"', '"2"'))
  })

  it('Continue: a list of entries, the older transport object, one file that is the entry', () => {
    const text =
      '{"experimental": {"modelContextProtocolServers": [{"name": "fs", "transport": {"command": "npx", "args": ["a@1.0.0"]}}]}}'
    const older = fileOf('continue', '{continue}/config.json', text)
    expect(textOf(setPackageVersion(older, fs, { name: 'a', version: '1.0.1' }))).toBe(text.replace('1.0.0', '1.0.1'))
    const alone = fileOf(
      'continue',
      '{continue}/mcpServers/*.json',
      '{"name": "fs", "command": "npx", "args": ["a@1.0.0"]}',
    )
    expect(textOf(setPackageVersion(alone, fs, { name: 'a', version: '1.0.1' }))).toContain('a@1.0.1')
    expect(removeEntry(alone, fs)).toMatchObject({ code: 'not-expressible' })
  })
})
