import { chmodSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { writeFiles } from '../e2e/installation.ts'

const upkeepYaml = `version: 1
people:
  - { id: ${userInfo().username}, name: Ada, roles: [admin, operator, approver, reviewer] }
servers:
  - { name: fs, owner: ${userInfo().username} }
windows:
  - { name: Sunday night, rrule: FREQ=WEEKLY;BYDAY=SU, at: '02:00', zone: Europe/Berlin, duration: PT2H, capacity: 4 }
freezes:
  - { from: '2036-12-20T00:00:00+01:00', until: '2037-01-04T00:00:00+01:00', why: holidays, servers: [crm] }
`

/** Text of a stranger as it may stand in any file: longer than a line, with signs that are not seen, and with markup. */
export const hostileName = `tools‮with​signs<img src=x onerror=alert(1)>${'andalongnamewithoutanyplacetobreakit'.repeat(3)}`

/** A home with something of everything that the console shows: an old package, a secret, remote vendors, a stranger's text, windows. */
export function writeConsoleHome(home: string): void {
  const cursor = {
    mcpServers: {
      fs: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem@2025.3.28', home] },
      crm: { command: 'npx', args: ['-y', 'mcp-remote@0.1.15', 'https://crm.example.com/mcp'] },
      everything: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-everything'] },
      github: {
        url: 'https://api.githubcopilot.com/mcp/',
        headers: { Authorization: `Bearer ghp_${'Ab3'.repeat(12)}` },
      },
      [hostileName]: { command: 'node', args: [join(home, 'nowhere.js')] },
    },
  }
  const claude = {
    mcpServers: {
      linear: { url: 'https://mcp.linear.app/mcp' },
      memory: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-memory@2025.4.25'] },
    },
  }
  writeFiles(home, {
    'upkeep.yaml': upkeepYaml,
    '.cursor/mcp.json': `${JSON.stringify(cursor, null, 2)}\n`,
    '.config/Claude/claude_desktop_config.json': `${JSON.stringify(claude, null, 2)}\n`,
  })
  chmodSync(join(home, '.cursor/mcp.json'), 0o644)
}

/** A home with so many servers that no screen holds them, each with something wrong. */
export function writeLongHome(home: string, count: number): void {
  const mcpServers = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `server-${String(index).padStart(4, '0')}`,
      { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem@2025.3.28', join(home, `${index}`)] },
    ]),
  )
  writeFiles(home, { '.cursor/mcp.json': JSON.stringify({ mcpServers }) })
}
