import { createHash } from 'node:crypto'
import { join } from 'node:path'
import remoteLock from './installs/mcp-remote.lock.json' with { type: 'json' }
import everythingLock from './installs/server-everything.lock.json' with { type: 'json' }
import filesystemLock from './installs/server-filesystem.lock.json' with { type: 'json' }
import githubLock from './installs/server-github.lock.json' with { type: 'json' }

/**
 * One real server of the practice fleet: an exact version, the lock file of its whole tree, and the digest that the installed tree
 * must have.
 */
export interface PracticeInstall {
  name: string
  version: string
  lock: object
  tree: string
}

export const practiceInstalls = {
  filesystem: {
    name: '@modelcontextprotocol/server-filesystem',
    version: '2025.3.28',
    lock: filesystemLock,
    tree: '422241392ff2a6509178eb86595b6b23b9cbc7c7f5295235e7e6617e3e791484',
  },
  everything: {
    name: '@modelcontextprotocol/server-everything',
    version: '2026.8.31',
    lock: everythingLock,
    tree: '29d9a223867fc32aa9af95fb11e2b21dd07931c0bd2e0a6d29f880b07574a46f',
  },
  remote: {
    name: 'mcp-remote',
    version: '0.1.15',
    lock: remoteLock,
    tree: 'e46a53585c8af7386b97cb3cdc0eb1d1ca987e8e1b6846912347e860bb5a66d9',
  },
  github: {
    name: '@modelcontextprotocol/server-github',
    version: '2025.4.8',
    lock: githubLock,
    tree: '8a7ea1d0c86cea535f23647eef3e958f3cf8ab980f3837610bfecfc2e6926ecf',
  },
} as const satisfies Record<string, PracticeInstall>

/** What a client's configuration asks npx for. */
export function requestOf(install: PracticeInstall): string {
  return `${install.name}@${install.version}`
}

/** Where npx keeps a package that is asked for by this request alone: the first 16 hex digits of the SHA-512 of the request. */
export function npxFolder(npmCache: string, request: string): string {
  return join(npmCache, '_npx', createHash('sha512').update(request).digest('hex').slice(0, 16))
}

/** The package.json that npx itself writes into that folder: it asks for a range although the request was exact. */
export function npxManifest(install: PracticeInstall): object {
  return { dependencies: { [install.name]: `^${install.version}` }, _npx: { packages: [requestOf(install)] } }
}
