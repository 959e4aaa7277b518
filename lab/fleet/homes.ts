import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What the scale generator is asked for. The same request gives the same bytes. */
export interface HomesRequest {
  out: string
  homes: number
  serversPerHome: number
  seed: number
}

/** One generated file, relative to its home. */
export interface GeneratedFile {
  path: string
  text: string
}

interface Entry {
  name: string
  command: string
  args: string[]
  env: Record<string, string>
}

/** Packages that a fleet has, at the versions that it has them in. Not installed: a home of somebody else's machine seldom is. */
const packages: readonly { name: string; versions: readonly string[] }[] = [
  { name: '@modelcontextprotocol/server-filesystem', versions: ['2025.3.28', '2025.7.1', '2026.8.31', '2.0.1'] },
  { name: '@modelcontextprotocol/server-everything', versions: ['2025.7.1', '2026.8.31'] },
  { name: '@modelcontextprotocol/server-memory', versions: ['2025.4.25', '2026.8.31'] },
  { name: '@modelcontextprotocol/server-github', versions: ['2025.4.8'] },
  { name: 'mcp-remote', versions: ['0.1.15', '0.1.16', '0.1.38'] },
]

/** The client of each home by turns, so that every format is read at scale. */
const writers: readonly ((entries: readonly Entry[]) => GeneratedFile)[] = [
  (entries) => json('.config/Claude/claude_desktop_config.json', 'mcpServers', entries),
  (entries) => json('.cursor/mcp.json', 'mcpServers', entries),
  (entries) => ({ path: '.config/Code/User/mcp.json', text: jsonc(entries) }),
  (entries) => json('.claude.json', 'mcpServers', entries),
  (entries) => ({ path: '.codex/config.toml', text: toml(entries) }),
  (entries) => json('.codeium/windsurf/mcp_config.json', 'mcpServers', entries),
]

/** Writes the homes below `out`, named `home-0001` …, and returns how many bytes their files have. */
export function generateHomes(request: HomesRequest): { files: number; bytes: number } {
  const written = { files: 0, bytes: 0 }
  for (let index = 0; index < request.homes; index += 1) {
    const home = join(request.out, `home-${String(index + 1).padStart(4, '0')}`)
    const file = homeFile(index, request)
    mkdirSync(dirname(join(home, file.path)), { recursive: true })
    writeFileSync(join(home, file.path), file.text)
    written.files += 1
    written.bytes += Buffer.byteLength(file.text)
  }
  return written
}

/** The one client file of a home. */
export function homeFile(index: number, request: Pick<HomesRequest, 'serversPerHome' | 'seed'>): GeneratedFile {
  const next = randomNumbers(request.seed + index)
  const entries = Array.from({ length: request.serversPerHome }, (_, at) => entryOf(at, next))
  const write = writers[index % writers.length]
  if (!write) throw new Error('there is no client to write for')
  return write(entries)
}

function entryOf(at: number, next: () => number): Entry {
  const chosen = pick(packages, next)
  const version = pick(chosen.versions, next)
  const unpinned = next() % 4 === 0
  return {
    name: `${chosen.name.split('/').at(-1)}-${at}`,
    command: 'npx',
    args: ['-y', unpinned ? chosen.name : `${chosen.name}@${version}`, `/data/${next() % 1_000}`],
    env: next() % 3 === 0 ? { LOG_LEVEL: pick(['info', 'warn'], next), API_TOKEN: `generated-${next()}` } : {},
  }
}

function json(path: string, key: string, entries: readonly Entry[]): GeneratedFile {
  return { path, text: `${JSON.stringify({ [key]: byName(entries) }, null, 2)}\n` }
}

function jsonc(entries: readonly Entry[]): string {
  return `// Written by hand, as people do.\n{\n  "servers": ${JSON.stringify(byName(entries), null, 2)},\n}\n`
}

function toml(entries: readonly Entry[]): string {
  return entries
    .map(({ name, command, args, env }) => {
      const variables = Object.entries(env).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
      const table = variables.length === 0 ? '' : `env = { ${variables.join(', ')} }\n`
      return `[mcp_servers.${name}]\ncommand = ${JSON.stringify(command)}\nargs = ${JSON.stringify(args)}\n${table}`
    })
    .join('\n')
}

function byName(entries: readonly Entry[]): Record<string, Omit<Entry, 'name'>> {
  return Object.fromEntries(entries.map(({ name, ...rest }) => [name, rest]))
}

function pick<T>(from: readonly T[], next: () => number): T {
  const chosen = from[next() % from.length]
  if (chosen === undefined) throw new Error('there is nothing to pick from')
  return chosen
}

/** Xorshift, 32 bits: a stream of numbers that depends on the seed alone. */
function randomNumbers(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state
  }
}
