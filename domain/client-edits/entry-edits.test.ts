import { describe, expect, it } from 'vitest'
import {
  removeEntry,
  setArguments,
  setAutoApprove,
  setDisabled,
  setEnvironment,
  setHeaders,
  setUrl,
} from './entry-edits.ts'
import { findEntry } from './entry-file.ts'
import { setPackageVersion } from './set-package-version.ts'
import { fileOf } from './testing/file-of.ts'
import type { Edited } from './text-edit.ts'

const fs = { name: 'fs', project: null }
const textOf = (edited: Edited) => (edited.state === 'edited' ? edited.text : `${edited.code}: ${edited.reason}`)
const cursor = (entry: unknown) =>
  fileOf('cursor', '{home}/.cursor/mcp.json', JSON.stringify({ mcpServers: { fs: entry } }))

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

describe('headers', () => {
  it.each([
    [
      'cursor',
      '{home}/.cursor/mcp.json',
      '{"mcpServers": {"fs": {"url": "https://h", "headers": {"A": "1", "B": "2"}}}}',
      '{"mcpServers": {"fs": {"url": "https://h", "headers": {"A": "x", "C": "3"}}}}',
    ],
    [
      'continue',
      '{continue}/config.json',
      '{"mcpServers": [{"name": "fs", "url": "https://h", "requestOptions": {"headers": {"A": "1", "B": "2"}}}]}',
      '{"mcpServers": [{"name": "fs", "url": "https://h", "requestOptions": {"headers": {"A": "x", "C": "3"}}}]}',
    ],
    [
      'codex',
      '{codex}/config.toml',
      '[mcp_servers.fs]\nurl = "https://h"\nhttp_headers = { A = "1", "B" = "2" }\n',
      '[mcp_servers.fs]\nurl = "https://h"\nhttp_headers = { A = "x", C = "3" }\n',
    ],
  ] as const)('of %s stand where the client has them', (client, place, before, after) => {
    const values = new Map<string, string | null>([
      ['A', 'x'],
      ['B', null],
      ['C', '3'],
    ])
    expect(textOf(setHeaders(fileOf(client, place, before), fs, values))).toBe(after)
    expect(setHeaders(cursor({ command: 'x' }), fs, values)).toMatchObject({ code: 'no-such-path' })
  })

  it('are refused where the client would still send another value', () => {
    const text = '[mcp_servers.fs]\nurl = "https://h"\nbearer_token_env_var = "T"\n'
    const file = fileOf('codex', '{codex}/config.toml', text)
    expect(setHeaders(file, fs, new Map([['Authorization', 'x']]))).toMatchObject({ code: 'not-expressible' })
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
