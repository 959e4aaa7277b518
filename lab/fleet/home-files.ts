import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Stands in every place that holds a secret, so that tests can look for it in whatever the product writes. */
export const canaryToken = ['ghp', 'CanaryOfTheReferenceFleet00000000000'].join('_')

/** What the reference home is written for. */
export interface HomeRequest {
  home: string
  /** The script of the installed server-memory. */
  memoryScript: string
  /** Where `crm` connects to. */
  crmPort: number
}

const filesystem = '@modelcontextprotocol/server-filesystem'
const everything = '@modelcontextprotocol/server-everything'

/** Everything that npx keeps for the reference home: each entry's request, as its client has it. */
export const npxRequests: readonly string[] = [
  `${filesystem}@2025.3.28`,
  `${filesystem}@2025.7.1`,
  `${filesystem}@2026.8.31`,
  everything,
  `${everything}@2025.7.1`,
  'mcp-remote@0.1.15',
  '@modelcontextprotocol/server-github@2025.4.8',
]

/** The laptop: Claude Desktop with five servers (F1), six more clients' files (F2), a data folder with a way out of it. */
export function writeHome(request: HomeRequest): void {
  const { home } = request
  const data = join(home, 'data')
  write(join(data, 'note.txt'), 'inside\n')
  write(join(home, 'data-of-others', 'secret.txt'), 'outside\n')
  symlinkSync('../data-of-others', join(data, 'link'))
  const desktop = join(home, '.config/Claude/claude_desktop_config.json')
  write(desktop, JSON.stringify({ mcpServers: desktopServers(request, data) }, null, 2))
  chmodSync(desktop, 0o644)
  for (const [path, text] of Object.entries(otherClients(home))) {
    write(join(home, path), text)
    chmodSync(join(home, path), 0o600)
  }
}

function desktopServers({ memoryScript, crmPort }: HomeRequest, data: string) {
  return {
    fs: { command: 'npx', args: ['-y', `${filesystem}@2025.3.28`, data] },
    everything: { command: 'npx', args: ['-y', everything] },
    crm: { command: 'npx', args: ['mcp-remote@0.1.15', `http://127.0.0.1:${crmPort}/mcp`] },
    memory: { command: 'node', args: [memoryScript] },
    github: {
      command: 'npx',
      args: ['-y', '@modelcontextprotocol/server-github@2025.4.8'],
      env: { GITHUB_PERSONAL_ACCESS_TOKEN: canaryToken },
    },
  }
}

/** The project that Claude Code and VS Code know. */
export function projectOf(home: string): string {
  return join(home, 'work', 'shop')
}

function otherClients(home: string): Record<string, string> {
  const project = projectOf(home)
  const files = { command: 'npx', args: ['-y', `${filesystem}@2025.7.1`, '/'] }
  return {
    '.cursor/mcp.json': pretty({ mcpServers: { files } }),
    'work/shop/.vscode/mcp.json': vscodeFile,
    '.claude.json': pretty({
      numStartups: 12,
      mcpServers: { everything: { type: 'stdio', command: 'npx', args: ['-y', `${everything}@2025.7.1`] } },
      projects: { [project]: { allowedTools: [], mcpServers: { notes: { command: 'npx', args: files.args } } } },
    }),
    'work/shop/.mcp.json': pretty({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Claude Code expands this itself.
      mcpServers: { shop: { type: 'http', url: 'http://127.0.0.1:${SHOP_PORT:-3001}/mcp' } },
    }),
    '.codex/config.toml': codexFile,
    '.codeium/windsurf/mcp_config.json': pretty({
      mcpServers: {
        disk: files,
        remote: { serverUrl: 'https://mcp.example.com/mcp', headers: { Authorization: `Bearer ${canaryToken}` } },
      },
    }),
  }
}

const vscodeFile = `// VS Code reads comments and trailing commas.
{
  "inputs": [
    { "type": "promptString", "id": "github_token", "description": "GitHub token", "password": true },
  ],
  "servers": {
    "github": {
      "type": "stdio",
      "command": "npx",
      "args": ["-y", "@modelcontextprotocol/server-github@2025.4.8"],
      "env": { "GITHUB_PERSONAL_ACCESS_TOKEN": "\${input:github_token}" },
    },
    "live": { "type": "http", "url": "http://127.0.0.1:3001/mcp" },
  },
}
`

const codexFile = `model = "default"

[mcp_servers.root_files]
command = "npx"
args = ["-y", "${filesystem}@2026.8.31", "/"]

[mcp_servers.root_files.env]
LOG_LEVEL = "warn"
`

function pretty(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
