// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the references that clients expand.
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FilesPort } from '@upkeep/contract/ports'
import { openFiles } from '@upkeep/engine/ports/files'
import { describe, expect, it } from 'vitest'
import { homeOfClients, quiet } from './testing/home-of-clients.ts'

const clients = homeOfClients()
const { put, place, collect, lines } = clients

describe('files of clients', () => {
  it('finds the servers of every client, in the form of each', async () => {
    put('.config/Claude/claude_desktop_config.json', {
      mcpServers: { fs: { command: 'npx', args: ['-y', 'a@1.0.0', '/data'] } },
    })
    put('.claude.json', {
      mcpServers: { u: { type: 'http', url: 'https://h.example/mcp' } },
      projects: { '/p': { history: [1], mcpServers: { p: { command: 'x' } }, allowedTools: ['mcp__p__read'] } },
    })
    put('proj/.mcp.json', { mcpServers: { m: { command: 'uvx', args: ['b'] } } })
    put('.cursor/mcp.json', '{"mcpServers": {"c": {"url": "http://127.0.0.1:1/mcp"}, /* x */ }}')
    put(
      'proj/.vscode/mcp.json',
      '// c\n{"inputs": [], "servers": {"v": {"type": "stdio", "command": "npx", "args": ["x"], "env": {"K": "${input:k}"}}}}',
    )
    put(
      '.config/Code - Insiders/User/settings.json',
      '{"mcp": {"servers": {"i": {"command": "node", "args": ["x.js"]}}}}',
    )
    put('.config/Code/User/profiles/abc/mcp.json', '{"servers": {"pr": {"command": "x"}}}')
    put('.codeium/windsurf/mcp_config.json', { mcpServers: { w: { serverUrl: 'https://h.example/sse' } } })
    put('.codex/config.toml', '[mcp_servers.x]\ncommand = "npx"\nargs = ["y"]\n')
    put('.gemini/settings.json', { mcpServers: { g: { httpUrl: 'https://h.example/mcp', trust: true } } })
    put('.config/zed/settings.json', '{"context_servers": {"z": {"command": {"path": "uvx", "args": ["q"]}}}}')
    put('.config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json', {
      mcpServers: { cl: { url: 'https://h.example/x' } },
    })
    put('proj/.roo/mcp.json', { mcpServers: { r: { type: 'streamable-http', url: 'https://h.example/x' } } })
    put('.continue/config.yaml', 'mcpServers:\n  - name: co\n    command: npx\n    args: [p]\n')
    put('.continue/mcpServers/one.json', { mcpServers: { cj: { command: 'x' } } })
    put('.junie/mcp/mcp.json', { mcpServers: { j: { command: 'x' } } })
    put('.lmstudio/mcp.json', { mcpServers: { l: { command: 'x' } } })
    const seen = lines(await collect(place({ projects: [join(clients.path, 'proj')] })))
    expect(seen.filter((line) => line.startsWith('server:'))).toEqual([
      'server:claude-desktop:~/.config/Claude/claude_desktop_config.json#fs stdio npx',
      'server:claude-code:~/.claude.json#u http remote',
      'server:claude-code:~/.claude.json#/p#p stdio binary',
      'server:claude-code:~/proj/.mcp.json#m stdio uvx',
      'server:cursor:~/.cursor/mcp.json#c http remote',
      'server:vscode:~/.config/Code/User/profiles/abc/mcp.json#pr stdio binary',
      'server:vscode:~/.config/Code - Insiders/User/settings.json#i stdio node',
      'server:vscode:~/proj/.vscode/mcp.json#v stdio npx',
      'server:windsurf:~/.codeium/windsurf/mcp_config.json#w http remote',
      'server:codex:~/.codex/config.toml#x stdio npx',
      'server:gemini-cli:~/.gemini/settings.json#g http remote',
      'server:zed:~/.config/zed/settings.json#z stdio uvx',
      'server:cline:~/.config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json#cl sse remote',
      'server:roo-code:~/proj/.roo/mcp.json#r http remote',
      'server:continue:~/.continue/config.yaml#co stdio npx',
      'server:continue:~/.continue/mcpServers/one.json#cj stdio binary',
      'server:jetbrains:~/.junie/mcp/mcp.json#j stdio binary',
      'server:lm-studio:~/.lmstudio/mcp.json#l stdio binary',
    ])
    expect(seen.filter((line) => line.startsWith('file:'))).toHaveLength(17)
  })

  it('says nothing of an empty home', async () => {
    expect(await collect()).toEqual([])
  })

  it('keeps the other entries beside a bad one, and the same name twice', async () => {
    put(
      '.cursor/mcp.json',
      '{"mcpServers": {"bad": 7, "odd": {"command": 5, "args": "x"}, "good": {"command": "x"}, "good": {"command": "y"}}}',
    )
    put('.continue/config.yaml', 'mcpServers: [{name: a, command: x}, {name: a, command: y}]')
    expect(lines(await collect())).toEqual([
      'file:~/.cursor/mcp.json odd,good,bad problems 4',
      'server:cursor:~/.cursor/mcp.json#odd unknown unknown',
      'server:cursor:~/.cursor/mcp.json#good stdio binary',
      'server:cursor:~/.cursor/mcp.json#bad malformed',
      'file:~/.continue/config.yaml a,a problems 0',
      'server:continue:~/.continue/config.yaml#a stdio binary',
      'server:continue:~/.continue/config.yaml#a (2) stdio binary',
    ])
  })

  it('sees no difference in order, white space and comments', async () => {
    put('.cursor/mcp.json', '{"mcpServers": {"a": {"command": "x", "args": ["y"], "env": {"A": "1", "B": "2"}}}}')
    const before = await collect()
    put(
      '.cursor/mcp.json',
      '{ // c\n"mcpServers": {"a": {"env": {"B": "2", "A": "1"},\n "args": ["y"], "command": "x"}}}',
    )
    const after = await collect()
    expect(JSON.stringify(after[1])).toBe(JSON.stringify(before[1]))
  })

  it('keeps every secret to itself', async () => {
    const canary = 'cAn4ryT0ken9Xq2Zr7'
    put('.cursor/mcp.json', {
      mcpServers: {
        a: {
          command: 'npx',
          args: ['p', canary, `--k=${canary}`, `-H`, `A: ${canary}`],
          env: { T: canary, U: `Bearer ${canary}` },
          note: canary,
        },
        b: { url: `https://u:${canary}@h.example/${canary}?q=${canary}#${canary}`, headers: { X: canary } },
      },
    })
    put('.codex/config.toml', `[mcp_servers.x]\nbad = ${canary}`)
    put('.continue/config.yaml', `mcpServers: "${canary}`)
    put('.gemini/settings.json', `{"a": ${canary}}`)
    const seen = await collect()
    expect(seen.map((each) => each.state)).toEqual([
      'seen',
      'seen',
      'seen',
      'unavailable',
      'unavailable',
      'unavailable',
    ])
    expect(JSON.stringify(seen)).not.toContain(canary)
  })
})

describe('hostile files', () => {
  it('reports each one and reads the others', async () => {
    const good = { mcpServers: { ok: { command: 'x' } } }
    put('.lmstudio/mcp.json', good)
    put('.cursor/mcp.json', `{"a":${'['.repeat(10_000)}`)
    mkdirSync(join(clients.path, '.codeium/windsurf/mcp_config.json'), { recursive: true })
    mkdirSync(join(clients.path, '.gemini'))
    execFileSync('mkfifo', [join(clients.path, '.gemini/settings.json')])
    mkdirSync(join(clients.path, '.junie/mcp'), { recursive: true })
    symlinkSync('mcp.json', join(clients.path, '.junie/mcp/mcp.json'))
    put('.claude.json', ' '.repeat(16 * 1024 * 1024 + 1))
    put('.codex/config.toml', 'a = [')
    put('.ai/mcp/mcp.json', Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1'))
    writeFileSync(join(clients.path, '.ai/mcp/mcp.json'), Buffer.from([0x7b, 0xff, 0x7d]))
    mkdirSync(join(clients.path, '.config/zed'), { recursive: true })
    symlinkSync(join(clients.path, 'nowhere'), join(clients.path, '.config/zed/settings.json'))
    put('.continue/mcpServers', 'a file in the place of a folder')
    expect(lines(await collect())).toEqual([
      'file:~/.claude.json too-large',
      'file:~/.cursor/mcp.json too-deep',
      'file:~/.codeium/windsurf/mcp_config.json not-a-file',
      'file:~/.codex/config.toml malformed',
      'file:~/.gemini/settings.json not-a-file',
      'file:~/.continue/mcpServers not-a-file',
      'file:~/.ai/mcp/mcp.json malformed',
      'file:~/.junie/mcp/mcp.json link-loop',
      'file:~/.lmstudio/mcp.json ok problems 0',
      'server:lm-studio:~/.lmstudio/mcp.json#ok stdio binary',
    ])
  })

  it('reports a closed folder once, and a closed file by itself', async () => {
    put('.config/Claude/claude_desktop_config.json', '{}')
    put('.cursor/mcp.json', '{}')
    const files = closed(
      [join(clients.path, '.config/'), join(clients.path, '.cursor/mcp.json')],
      [join(clients.path, '.cursor/mcp.json')],
    )
    expect(lines(await collect(place(), { files }))).toEqual([
      'file:~/.config permission-denied',
      'file:~/.cursor/mcp.json permission-denied',
    ])
  })

  it('passes on that a file changed while it was read, and that the time ran out', async () => {
    put('.cursor/mcp.json', '{}')
    const real = openFiles({ stateDir: null }).files
    const files: FilesPort = {
      ...real,
      read: (path, max) =>
        path.endsWith('.cursor/mcp.json')
          ? { state: 'unavailable', code: 'changed-while-reading', reason: 'changed' }
          : real.read(path, max),
    }
    expect(lines(await collect(place(), { files }))).toEqual(['file:~/.cursor/mcp.json changed-while-reading'])
    expect(lines(await collect(place(), { aborted: true }))).toEqual(['file:~ timed-out'])
  })
})

/** The real port, refusing what starts with one of the paths as the system does to one without rights; `visible` can still be inspected. */
function closed(paths: readonly string[], visible: readonly string[]): FilesPort {
  const real = openFiles({ stateDir: null }).files
  const refusal = { state: 'unavailable', code: 'permission-denied', reason: 'no right to read it' } as const
  const isClosed = (path: string) => paths.some((each) => path.startsWith(each))
  return {
    ...real,
    read: (path, max) => (isClosed(path) ? refusal : real.read(path, max)),
    list: (path, max) => (isClosed(path) ? refusal : real.list(path, max)),
    inspect: (path) => (isClosed(path) && !visible.includes(path) ? refusal : real.inspect(path)),
  }
}

describe("the owner's own file", () => {
  const probe = [
    { url: 'http://127.0.0.1:3001/mcp', name: 'mine', token: 'env:TOKEN' },
    { url: 'https://Known.example:443/mcp' },
    { url: 'http://127.0.0.1:9/secretXy7kQ2m/mcp' },
  ]
  it('declares the endpoints that no client does', async () => {
    put('.cursor/mcp.json', { mcpServers: { known: { url: 'https://known.example/mcp' } } })
    const upkeepFile = put('upkeep.yaml', 'version: 1\n')
    const seen = await collect(place({ upkeepFile }), { settings: { ...quiet, probe } })
    expect(lines(seen)).toEqual([
      'file:~/.cursor/mcp.json known problems 0',
      'server:cursor:~/.cursor/mcp.json#known http remote',
      'file:~/upkeep.yaml mine,127.0.0.1:9 problems 0',
      'server:upkeep:~/upkeep.yaml#mine http remote',
      'server:upkeep:~/upkeep.yaml#127.0.0.1:9 http remote',
    ])
    const mine = seen[3]
    expect(mine?.state === 'seen' && mine.kind === 'declared-server' && mine.facts.headers).toEqual({
      Authorization: { kind: 'reference', text: 'env:TOKEN' },
    })
  })
  it("adds nothing to other people's homes", async () => {
    expect(await collect(place(), { settings: { ...quiet, probe } })).toEqual([])
  })
})
