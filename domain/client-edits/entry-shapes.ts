import type { ClientConfig } from '@upkeep/contract/observations/client-config'
import type { Tree, TreePath } from '../client-formats/tree.ts'
import { treeAt } from './edit-tree.ts'
import type { EntryFile } from './entry-file.ts'
import { type PlainValue, type RefusedEdit, refused } from './text-edit.ts'

/** A server that is to be declared. */
export type NewServer =
  | {
      transport: 'stdio'
      command: string
      args: readonly string[]
      env: Readonly<Record<string, string>>
      cwd: string | null
    }
  | { transport: 'http' | 'sse'; url: string; headers: Readonly<Record<string, string>> }

/** How a client writes an entry. What is left out is written as most clients do. */
interface Shape {
  /** The words for the transports, for clients that want one. */
  types?: Readonly<Partial<Record<NewServer['transport'], string>>>
  /** The keys of a URL; a transport without one is not known to the client. */
  urls?: Readonly<Partial<Record<'http' | 'sse', string>>>
  headers?: TreePath
  /** What every entry has besides. */
  besides?: Readonly<Record<string, PlainValue>>
}

const both = { http: 'url', sse: 'url' } as const
const byType = { stdio: 'stdio', http: 'http', sse: 'sse' } as const
const shapes: Readonly<Record<ClientConfig['client'], Shape>> = {
  'claude-desktop': { urls: {} },
  'claude-code': { types: byType },
  cursor: {},
  vscode: { types: byType },
  windsurf: { urls: { http: 'serverUrl', sse: 'serverUrl' } },
  codex: { urls: { http: 'url' }, headers: ['http_headers'] },
  'gemini-cli': { urls: { http: 'httpUrl', sse: 'url' } },
  zed: { urls: { http: 'url' }, besides: { source: 'custom' } },
  cline: { types: { http: 'streamableHttp', sse: 'sse' } },
  'roo-code': { types: { http: 'streamable-http', sse: 'sse' } },
  continue: { types: { http: 'streamable-http', sse: 'sse' }, headers: ['requestOptions', 'headers'] },
  jetbrains: {},
  'lm-studio': {},
  'fiberplane-gateway': { types: { stdio: 'stdio', http: 'http' }, urls: { http: 'url' } },
  upkeep: {},
}
const portable: Shape = { types: { stdio: 'local', http: 'http', sse: 'sse' }, besides: { tools: ['*'] } }

/** The value of a new entry as its client writes it. */
export function shapeOf({ client, path }: EntryFile, server: NewServer): Record<string, PlainValue> | RefusedEdit {
  const shape = isPortable(client, path) ? portable : shapes[client]
  const type = shape.types?.[server.transport]
  const value: Record<string, PlainValue> = type === undefined ? {} : { type }
  if (server.transport === 'stdio') {
    Object.assign(value, shape.besides, { command: server.command, args: server.args })
    if (Object.keys(server.env).length > 0) value.env = server.env
    if (server.cwd !== null) value.cwd = server.cwd
    return value
  }
  const key = (shape.urls ?? both)[server.transport]
  if (key === undefined)
    return refused('not-expressible', 'the client declares no servers of that transport in its files')
  value[key] = server.url
  if (Object.keys(server.headers).length > 0) Object.assign(value, below(shape.headers ?? ['headers'], server.headers))
  return shape === portable ? { ...value, ...shape.besides } : value
}

function below(path: TreePath, value: PlainValue): Record<string, PlainValue> {
  const [key, ...rest] = path
  return { [String(key)]: rest.length === 0 ? value : below(rest, value) }
}

function isPortable(client: EntryFile['client'], path: string): boolean {
  return client === 'vscode' && path.endsWith('mcp-config.json')
}

/** Where the entries of a file stand: at the first of the client's places that is there, else where a new one is made. */
export function containerOf(file: EntryFile, tree: Tree, project: string | null): TreePath {
  const [usual, ...others] = containersOf(file, project)
  return [usual, ...others].find((path) => treeAt(tree, path) !== undefined) ?? usual
}

function containersOf({ client, path }: EntryFile, project: string | null): readonly [TreePath, ...TreePath[]] {
  if (client === 'claude-code' && project !== null && path.endsWith('.claude.json')) {
    return [['projects', project, 'mcpServers']]
  }
  if (client === 'codex') return [['mcp_servers']]
  if (client === 'zed') return [['context_servers']]
  if (client === 'vscode' && path.endsWith('settings.json')) return [['mcp', 'servers'], ['mcp.servers']]
  if (client === 'vscode' && !isPortable(client, path)) return [['servers']]
  if (client === 'jetbrains' && path.includes('github-copilot')) return [['servers'], ['mcpServers']]
  return [['mcpServers']]
}
