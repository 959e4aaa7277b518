/** A package that is looked for inside bundles. */
export interface WatchedPackage {
  name: string
  family: string
  /** Texts that any file with a usable part of it has: a file without them is passed over unread. */
  gates: readonly string[]
  versions(version: string): boolean
  /** Which of its script files count: one module format, no examples. */
  scripts(path: string): boolean
  /** Whether it is published bundled: its files are then no modules that mean the same in each version. */
  isBundled: boolean
  /** Published packages that share code with it: what they have does not tell it from them. */
  beside: readonly string[]
}

const sdk1 = ['1.8.0', '1.12.3', '1.20.2', '1.25.3', '1.32.2'].map((version) => `@modelcontextprotocol/sdk@${version}`)
const sdk2 = (name: string) => ['2.0.0', '2.1.0', '2.2.0', '2.3.0', '2.4.0'].map((version) => `${name}@${version}`)
const second = {
  family: 'mcp-sdk-typescript',
  gates: ['jsonrpc', 'notifications/'],
  versions: (version: string) => /^2\.\d+\.\d+$/.test(version),
  // The validators and shims are files of their own, which a bundle may or may not take.
  scripts: (path: string) => /^dist\/[^/]+\.mjs$/.test(path),
  isBundled: true,
}

/** The packages that are looked for, the MCP SDKs first. */
export const watched: readonly WatchedPackage[] = [
  {
    name: '@modelcontextprotocol/sdk',
    family: 'mcp-sdk-typescript',
    gates: ['jsonrpc', 'notifications/'],
    versions: (version) => /^1\.\d+\.\d+$/.test(version),
    scripts: (path) =>
      /^dist\/(?!cjs\/)/.test(path) &&
      !/\/(examples|__tests__|__fixtures__|__mocks__)\/|\.test\.js$|\/cli\.js$/.test(path),
    isBundled: false,
    beside: [],
  },
  { ...second, name: '@modelcontextprotocol/client', beside: [...sdk1, ...sdk2('@modelcontextprotocol/server')] },
  { ...second, name: '@modelcontextprotocol/server', beside: [...sdk1, ...sdk2('@modelcontextprotocol/client')] },
]

/** Packages that lie beside the watched ones in bundles, or speak JSON-RPC themselves: a word that they have tells nothing. */
export const background: readonly string[] = [
  'zod@3.25.76',
  'zod@4.1.12',
  'zod-to-json-schema@3.24.6',
  'express@4.21.2',
  'express@5.1.0',
  'express-rate-limit@7.5.1',
  'cors@2.8.5',
  'ajv@8.17.1',
  'ajv-formats@3.0.1',
  'eventsource@3.0.7',
  'eventsource-parser@3.0.6',
  'cross-spawn@7.0.6',
  'raw-body@3.0.1',
  'content-type@1.0.5',
  'pkce-challenge@5.0.0',
  'jose@6.1.0',
  'vscode-jsonrpc@8.2.1',
  'json-rpc-2.0@1.7.1',
  'ws@8.18.3',
  'undici@7.16.0',
]
