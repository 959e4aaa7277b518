// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the references that clients expand.
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { describe, expect, it } from 'vitest'
import type { ClientFormat } from './client-format.ts'
import { claudeCode } from './clients/claude-code.ts'
import { cline } from './clients/cline.ts'
import { codex } from './clients/codex.ts'
import { continueDev } from './clients/continue.ts'
import { cursor } from './clients/cursor.ts'
import { geminiCli } from './clients/gemini-cli.ts'
import { jetbrains } from './clients/jetbrains.ts'
import { rooCode } from './clients/roo-code.ts'
import { vscode } from './clients/vscode.ts'
import { windsurf } from './clients/windsurf.ts'
import { zed } from './clients/zed.ts'
import { declareServer } from './declare-server.ts'
import { parseText } from './parse-text.ts'

/** Reads a text as the client's file whose path ends so, all the way to what may be stored. */
function read(client: ClientFormat, ending: string, text: string) {
  const location = client.locations.find(({ path }) => path.endsWith(ending))
  if (location === undefined) throw new Error(`no location ends in ${ending}`)
  const parsed = parseText(text, location.format, location.keep)
  if (parsed.state === 'refused') throw new Error(parsed.reason)
  const { entries, broken, problems } = location.read(parsed.tree)
  const file = { client: client.client, scope: location.scope, path: '/f', project: null, expands: client.expands }
  return {
    servers: entries.map((entry) => declareServer(entry, file, (each) => `fp:${each.length}`)),
    broken,
    problems,
  }
}
function only(client: ClientFormat, ending: string, text: string): DeclaredServer {
  const { servers, problems } = read(client, ending, text)
  expect(problems).toEqual([])
  expect(servers).toHaveLength(1)
  const server = servers[0]
  if (server === undefined) throw new Error('no server')
  return server
}

describe('clients', () => {
  it('Claude Code: per-project entries with their folder, approvals and switches; the rest of the file is left out', () => {
    const text = JSON.stringify({
      numStartups: 5,
      mcpServers: { all: { command: 'npx', args: ['x'], env: { A: '${A}', B: '${B:-hunter2}' } } },
      projects: {
        '/srv/p': {
          history: [{ display: 'secret prompt' }],
          allowedTools: ['Bash', 'mcp__one__read', 'mcp__two'],
          disabledMcpServers: ['two'],
          mcpServers: { one: { command: 'x' }, two: { type: 'sse', url: 'https://h.example/sse' } },
        },
        '/srv/q': { history: [] },
      },
    })
    const { servers } = read(claudeCode, '.claude.json', text)
    expect(
      servers.map(({ name, project, transport, disabled, autoApprove }) => [
        name,
        project,
        transport,
        disabled,
        autoApprove,
      ]),
    ).toEqual([
      ['all', null, 'stdio', false, []],
      ['one', '/srv/p', 'stdio', false, ['read']],
      ['two', '/srv/p', 'sse', true, ['*']],
    ])
    expect(servers[0]?.env).toMatchObject({ A: { kind: 'reference', text: '${A}' }, B: { kind: 'hidden' } })
  })

  it('Cursor: references to the environment, unknown keys kept as a keyed hash', () => {
    const server = only(
      cursor,
      'mcp.json',
      '{"mcpServers": {"a": {"url": "https://h.example/mcp", "headers": {"Authorization": "Bearer ${env:T}"}, "auth": {"x": 1}}}}',
    )
    expect(server).toMatchObject({ transport: 'http', url: 'https://h.example/mcp', other: { auth: 'fp:7' } })
    expect(server.headers).toEqual({ Authorization: { kind: 'reference', text: 'Bearer ${env:T}' } })
  })

  it('VS Code: servers, inputs, and the two older spellings of the setting', () => {
    const own = only(
      vscode,
      '.vscode/mcp.json',
      '{"inputs": [{"id": "k"}], "servers": {"a": {"type": "http", "url": "https://h.example/mcp?key=${input:k}"}}}',
    )
    expect(own.urlSecrets).toEqual([{ where: 'query key', value: { kind: 'reference', text: '${input:k}' } }])
    expect(
      only(vscode, 'User/settings.json', '{"editor.fontSize": 1, "mcp": {"servers": {"a": {"command": "x"}}}}').name,
    ).toBe('a')
    expect(only(vscode, 'User/settings.json', '{"mcp.servers": {"a": {"command": "x"}}}').name).toBe('a')
    expect(read(vscode, 'User/settings.json', '{"editor.fontSize": 1}').servers).toEqual([])
    expect(
      only(vscode, 'mcp-config.json', '{"mcpServers": {"a": {"type": "local", "command": "x", "tools": ["*"]}}}')
        .transport,
    ).toBe('stdio')
  })

  it('Windsurf: serverUrl', () => {
    expect(
      only(windsurf, 'windsurf/mcp_config.json', '{"mcpServers": {"a": {"serverUrl": "https://h.example/mcp"}}}'),
    ).toMatchObject({ transport: 'http', url: 'https://h.example/mcp' })
  })

  it('Codex: headers and variables by name, switched-off entries', () => {
    const server = only(
      codex,
      '}/config.toml',
      '[mcp_servers.a]\nurl = "https://h.example/mcp"\nbearer_token_env_var = "TOK"\nenabled = false\nhttp_headers = { "X-A" = "v" }\nenv_http_headers = { "X-B" = "BVAR" }\nstartup_timeout_sec = 5\n',
    )
    expect(server).toMatchObject({ transport: 'http', disabled: true, other: { startup_timeout_sec: 'fp:1' } })
    expect(server.headers).toMatchObject({
      Authorization: { kind: 'reference', text: 'Bearer ${TOK}' },
      'X-A': { kind: 'hidden' },
      'X-B': { kind: 'reference', text: '${BVAR}' },
    })
    const stdio = only(
      codex,
      '}/config.toml',
      '[mcp_servers.b]\ncommand = "npx"\nenv_vars = ["PASSED"]\n[mcp_servers.b.env]\nSET = "v"\n',
    )
    expect(stdio.env).toMatchObject({ PASSED: { kind: 'reference' }, SET: { kind: 'hidden' } })
  })

  it('Gemini CLI: url is SSE, httpUrl is HTTP, trust approves all, excluded switches off', () => {
    const { servers } = read(
      geminiCli,
      '}/.gemini/settings.json',
      '{"mcp": {"excluded": ["b"]}, "mcpServers": {"a": {"httpUrl": "https://h.example/a", "trust": true}, "b": {"url": "https://h.example/b", "env": {"K": "$KEY"}}}}',
    )
    expect(servers.map(({ transport, autoApprove, disabled }) => [transport, autoApprove, disabled])).toEqual([
      ['http', ['*'], false],
      ['sse', [], true],
    ])
    expect(servers[1]?.env).toEqual({ K: { kind: 'reference', text: '$KEY' } })
  })

  it('Zed: both forms of the command, entries of extensions, approval of everything', () => {
    const { servers, problems } = read(
      zed,
      'zed/settings.json',
      '{"agent": {"always_allow_tool_actions": true}, "context_servers": {"a": {"source": "custom", "command": "npx", "args": ["x"]}, "b": {"command": {"path": "uvx", "args": ["y"], "env": {"A": "v"}}, "settings": {}}, "c": {"source": "extension", "settings": {}}}}',
    )
    expect(servers.map(({ command, autoApprove }) => [command?.kind === 'plain' && command.text, autoApprove])).toEqual(
      [
        ['npx', ['*']],
        ['uvx', ['*']],
        [false, ['*']],
      ],
    )
    expect(servers[2]?.launch).toEqual({ via: 'unknown', problem: 'neither a command nor a URL' })
    expect(problems).toEqual([{ at: 'context_servers.c.command', problem: 'neither a command nor a URL' }])
  })

  it('Cline and Roo Code: approvals, and what a URL without a type means', () => {
    expect(
      only(
        cline,
        'Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json',
        '{"mcpServers": {"a": {"url": "https://h.example/x", "autoApprove": ["read"], "disabled": true}}}',
      ),
    ).toMatchObject({ transport: 'sse', autoApprove: ['read'], disabled: true })
    expect(
      only(
        rooCode,
        '.roo/mcp.json',
        '{"mcpServers": {"a": {"type": "streamable-http", "url": "https://h.example/x", "alwaysAllow": ["read"]}}}',
      ),
    ).toMatchObject({ transport: 'http', autoApprove: ['read'] })
  })

  it('Continue: lists, aliases, the older form, and files of one server', () => {
    const text =
      'x: &e {K: v}\nmcpServers:\n  - name: a\n    command: npx\n    args: [p]\n    env: *e\n  - name: b\n    type: sse\n    url: https://h.example/sse\n    requestOptions: {headers: {X: "${{ secrets.T }}"}, timeout: 5}\n'
    const { servers } = read(continueDev, 'config.yaml', text)
    expect(servers.map(({ name, transport }) => [name, transport])).toEqual([
      ['a', 'stdio'],
      ['b', 'sse'],
    ])
    expect(servers[0]?.env).toMatchObject({ K: { kind: 'hidden' } })
    expect(servers[1]?.headers).toEqual({ X: { kind: 'reference', text: '${{ secrets.T }}' } })
    expect(Object.keys(servers[1]?.other ?? {})).toEqual(['requestOptions'])
    const older = only(
      continueDev,
      'config.json',
      '{"experimental": {"modelContextProtocolServers": [{"transport": {"type": "stdio", "command": "uvx", "args": ["q"]}}]}}',
    )
    expect(older).toMatchObject({ name: 'server 1', transport: 'stdio', launch: { via: 'uvx' } })
    expect(only(continueDev, '*.yaml', 'name: n\ncommand: npx\nargs: [p]\n').name).toBe('n')
  })

  it("JetBrains: its own key, and the one of Copilot's plugin", () => {
    expect(only(jetbrains, '{home}/.ai/mcp/mcp.json', '{"mcpServers": {"a": {"command": "x"}}}').name).toBe('a')
    expect(only(jetbrains, 'intellij/mcp.json', '{"servers": {"a": {"command": "x"}}}').name).toBe('a')
  })
})

describe('entries that are not as they should be', () => {
  it('lose what was not understood, say so, and leave the others alone', () => {
    const { servers, broken, problems } = read(
      cursor,
      'mcp.json',
      '{"mcpServers": {"a": {"command": ["x"], "args": {"b": 1}, "env": ["c"]}, "b": 7, "c": {"command": "x", "args": ["y", 3, true, null, {"z": 1}]}}}',
    )
    expect(servers.map(({ name, args }) => [name, args.length])).toEqual([
      ['a', 0],
      ['c', 5],
    ])
    expect(broken).toEqual([{ name: 'b', reason: 'an entry with a command or a URL was expected' }])
    expect(problems.map(({ at }) => at)).toEqual([
      'mcpServers.a.command',
      'mcpServers.a.command',
      'mcpServers.a.args',
      'mcpServers.a.env',
      'mcpServers.c.args[4]',
    ])
  })

  it.each([['[]'], ['7'], ['{"mcpServers": 7}']])('reports %s as no list of servers', (text) => {
    expect(read(cursor, 'mcp.json', text)).toMatchObject({ servers: [], problems: [{}] })
  })

  it('takes hostile names as names', () => {
    const { servers } = read(
      cursor,
      'mcp.json',
      `{"mcpServers": {"__proto__": {"command": "x"}, "constructor": {"command": "y", "env": {"__proto__": "v"}}, "${'n'.repeat(1_000_000)}": {"command": "z"}}}`,
    )
    expect(servers.map(({ name }) => name.length)).toEqual(['hidden-fp:9'.length, 11, 200 + '-fp:1000000'.length])
    expect(Object.keys(servers[1]?.env ?? {})).toEqual(['hidden-fp:9'])
  })

  it('reads no more than its bound of entries', () => {
    const many = Object.fromEntries(Array.from({ length: 5_001 }, (_, n) => [`s${n}`, { command: 'x' }]))
    const { servers, problems } = read(cursor, 'mcp.json', JSON.stringify({ mcpServers: many }))
    expect(servers).toHaveLength(5_000)
    expect(problems).toHaveLength(1)
  })
})
