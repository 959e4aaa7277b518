import { userInfo } from 'node:os'
import { join } from 'node:path'
import { writeFiles } from '../e2e/installation.ts'

const person = userInfo().username
const roles = '[admin, operator, approver, reviewer, auditor]'
const npx = (request: string, ...more: string[]) => ({ command: 'npx', args: ['-y', request, ...more] })
const remote = (version: string) => npx(`mcp-remote@${version}`, 'https://crm.example.com/mcp')

/** A home on a night in which `mcp-remote` is exploited: two clients have it, and one that an earlier scan saw has it no more. */
export function writeIncidentHome(home: string, pager: string): void {
  const cursor = {
    crm: remote('0.1.15'),
    fs: npx('@modelcontextprotocol/server-filesystem@2025.3.28', join(home, 'notes')),
  }
  writeFiles(home, {
    'notes/a.txt': 'a',
    'upkeep.yaml': `version: 1
people:
  - { id: ${person}, name: Ada, roles: ${roles} }
servers: [{ name: crm, owner: ${person} }]
outgoing: { inner: [127.0.0.1] }
notify:
  - { name: pager, webhook: '${pager}' }
  - { name: nowhere, webhook: 'https://127.0.0.2/' }
`,
    '.cursor/mcp.json': JSON.stringify({ mcpServers: cursor }, null, 2),
    '.config/Claude/claude_desktop_config.json': JSON.stringify(
      { mcpServers: { tickets: remote('0.1.14'), linear: { url: 'https://mcp.linear.app/mcp' } } },
      null,
      2,
    ),
    '.codeium/windsurf/mcp_config.json': JSON.stringify({ mcpServers: { trial: remote('0.1.12') } }, null, 2),
  })
}

/** The trial of an earlier week is over: what had it is taken out. */
export function endTrial(home: string): void {
  writeFiles(home, { '.codeium/windsurf/mcp_config.json': '{ "mcpServers": {} }' })
}

const versions = ['0.1.12', '0.1.15', '0.1.16', '0.1.37'] as const

/** Homes of a company below a folder, with four versions of `mcp-remote` among them, all of them with files that others can write. */
export function writeFleetHomes(folder: string, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const name = `m${String(index + 1).padStart(2, '0')}`
    const crm = remote(versions[index % versions.length] ?? '0.1.37')
    const fs = npx('@modelcontextprotocol/server-filesystem@2025.3.28', '/srv/notes')
    writeFiles(join(folder, name), { '.cursor/mcp.json': JSON.stringify({ mcpServers: { crm, fs } }, null, 2) })
  }
}

/** Who owns the fleet, in what rings it is changed, and that nothing of `fs` is changed over the holidays, which are now. */
export function fleetYaml(now: Date): string {
  const day = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString()
  return `version: 1
people: [{ id: ${person}, name: Ada, roles: ${roles} }]
modes: [{ mode: observe, servers: [own] }]
freezes: [{ from: '${day(-1)}', until: '${day(20)}', why: holidays, servers: [fs] }]
rings:
  - { name: canary, homes: [m01], soakMinutes: 60 }
  - { name: part, homes: [m02, m03], soakMinutes: 60 }
  - { name: all }
`
}
