import { Buffer } from 'node:buffer'
import { madePorts, pathOf } from '@upkeep/domain/client-edits/testing/made-ports'
import { describe, expect, test } from 'vitest'
import { setServerVersion } from './remediation.ts'

const jsonc = [
  '\uFEFF{\r\n  // the ones that I use\n  "servers": {',
  '    "fs": { "args": ["-y", /* pinned */ "@modelcontextprotocol/server-filesystem@2025.3.28", "/srv"], "command": "npx" }, // old',
  '    "git": { "command": "uvx", "args": ["mcp-server-git"], },',
  '  },\n\t"inputs": []\n}',
].join('\n')
const toml = [
  '# mine\r\nmodel = "x"',
  "[mcp_servers.fs] # 'quoted'",
  "command = 'npx'",
  "args = [ '-y',\n  '@modelcontextprotocol/server-filesystem@2025.3.28', # pinned\n  \"/srv\" ]",
  '\n[mcp_servers.git]\ncommand = "uvx"',
].join('\n')

/** As Claude Code keeps it: the servers of a user somewhere in two megabytes of histories. */
function largeJson(): string {
  const history = Array.from({ length: 90 }, (_, index) => ({
    display: `line ${index} with "@2025.3.28" in it`,
    pastedContents: {},
  }))
  const projects = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`/srv/p${index}`, { allowedTools: [], history }]),
  )
  const fs = {
    type: 'stdio',
    command: 'npx',
    args: ['-y', '@modelcontextprotocol/server-filesystem@2025.3.28', '/srv'],
    env: {},
  }
  return JSON.stringify({ numStartups: 7, projects, mcpServers: { fs }, oauthAccount: { seen: true } }, null, 2)
}

const files = [
  ['a commented JSONC file', pathOf('vscode', '.vscode/mcp.json'), jsonc],
  ['a TOML file', pathOf('codex', 'config.toml'), toml],
  ['a file of two megabytes', pathOf('claude-code', '.claude.json'), largeJson()],
] as const
const wanted = { kind: 'set-server-version' as const, server: 'fs', package: '@modelcontextprotocol/server-filesystem' }

describe.each(files)('%s', (what, path, text) => {
  test('differs in the bytes of the version alone, once', async () => {
    if (what.includes('megabytes')) expect(Buffer.byteLength(text)).toBeGreaterThan(2_000_000)
    const ports = madePorts({ [path]: text })
    const change = { ...wanted, path, from: '2025.3.28', to: '2026.1.14' }
    expect(ports.make(await setServerVersion.preview(change, ports))).toBe(1)
    const [before, after] = [Buffer.from(text), Buffer.from(ports.text(path) ?? '')]
    const { at, old, made } = differing(before, after)
    expect(before.subarray(0, at).toString().endsWith('server-filesystem@202')).toBe(true)
    expect([old, made]).toEqual(['5.3.28', '6.1.14'])
    expect(ports.make(await setServerVersion.preview(change, ports))).toBe(0)
  })
})

/** The one stretch in which two texts differ. */
function differing(before: Buffer, after: Buffer): { at: number; old: string; made: string } {
  let at = 0
  while (at < before.length && before[at] === after[at]) at += 1
  let end = 0
  while (end < before.length - at && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1
  return {
    at,
    old: before.subarray(at, before.length - end).toString(),
    made: after.subarray(at, after.length - end).toString(),
  }
}

test('an entry that asks for another version meanwhile, or for none in a form that is edited, is left alone', () => {
  const [, path, text] = files[0]
  const change = { ...wanted, path, from: '1.0.0', to: '2026.1.14' }
  expect(setServerVersion.preview(change, madePorts({ [path]: text }))).toMatchObject({
    reason: expect.stringMatching(/asks for 2025\.3\.28 now, and not for 1\.0\.0/),
  })
  const other = { ...change, server: 'git', package: 'mcp-server-git', from: null, to: 'not a version' }
  expect(setServerVersion.preview(other, madePorts({ [path]: text }))).toMatchObject({ state: 'unavailable' })
})
