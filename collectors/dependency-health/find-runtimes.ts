import type { Facts, FilesPort, Place } from '@upkeep/contract'
import type { ReadsFiles } from './stated.ts'

type Found = Pick<Facts<'dependency-health'>, 'runtimes' | 'runtimesLimit'>
type Runtime = Found['runtimes'][number]

/** Folders that hold one Node per version, by the name of the version. */
const versionFolders = [
  { folder: '.nvm/versions/node', program: 'bin/node' },
  { folder: '.local/share/fnm/node-versions', program: 'installation/bin/node' },
  { folder: '.fnm/node-versions', program: 'installation/bin/node' },
  { folder: '.volta/tools/image/node', program: 'bin/node' },
  { folder: '.asdf/installs/nodejs', program: 'bin/node' },
  { folder: '.local/share/mise/installs/node', program: 'bin/node' },
  { folder: '.nodenv/versions', program: 'bin/node' },
]
const prefixes = ['/usr/local', '/usr', '/opt/homebrew']
const startedByNode = new Set(['npx', 'npm-exec', 'pnpm-dlx', 'yarn-dlx', 'node', 'binary'])

/**
 * Each Node that could run the entry: the one beside a command with a full path, else every one in the usual places. Versions are read
 * from the header that lies beside the program, or from the name of its folder; nothing is started.
 */
export function findRuntimes(files: FilesPort, place: Place, server: Facts<'declared-server'>): Found {
  if (!startedByNode.has(server.launch.via)) return { runtimes: [], runtimesLimit: 'Node does not start it' }
  const command = server.command?.kind === 'plain' ? server.command.text : ''
  const prefix = /^(\/.{0,900})\/bin\/(?:npx|npm|node|pnpm|yarn)$/.exec(command)?.[1]
  if (prefix !== undefined) return { runtimes: [runtimeIn(files, prefix)], runtimesLimit: null }
  const inHome = versionFolders.flatMap((one) => versionsIn(files, `${place.home}/${one.folder}`, one.program))
  if (!place.machine) return { runtimes: inHome, runtimesLimit: 'the machine that runs it is another one' }
  if (place.platform === 'win32')
    return { runtimes: inHome, runtimesLimit: 'where Windows keeps Node is not looked at' }
  const system = prefixes.filter((at) => isThere(files, `${at}/bin/node`)).map((at) => runtimeIn(files, at))
  return { runtimes: [...system, ...inHome], runtimesLimit: null }
}

function isThere(files: ReadsFiles, path: string): boolean {
  return files.inspect(path).state === 'present'
}

export function runtimeIn(files: ReadsFiles, prefix: string): Runtime {
  const named = /(?:^|\/)v?(\d{1,4}\.\d{1,4}\.\d{1,4})(?:\/installation)?$/.exec(prefix)?.[1]
  return { path: `${prefix}/bin/node`, version: named ?? versionByHeader(files, prefix) }
}

const maxHeaderBytes = 64 << 10

function versionByHeader(files: ReadsFiles, prefix: string): string | null {
  const read = files.read(`${prefix}/include/node/node_version.h`, maxHeaderBytes)
  if (read.state !== 'present') return null
  const text = new TextDecoder().decode(read.bytes)
  const parts = ['MAJOR', 'MINOR', 'PATCH'].map(
    (part) => new RegExp(`^#define NODE_${part}_VERSION (\\d{1,4})\\s{0,5}$`, 'm').exec(text)?.[1],
  )
  return parts.includes(undefined) ? null : parts.join('.')
}

const maxVersions = 200

function versionsIn(files: FilesPort, folder: string, program: string): Runtime[] {
  const listed = files.list(folder, maxVersions)
  if (listed.state !== 'present') return []
  return listed.names.flatMap((name) => {
    const version = /^v?(\d{1,4}\.\d{1,4}\.\d{1,4})$/.exec(name)?.[1]
    const path = `${folder}/${name}/${program}`
    return version !== undefined && isThere(files, path) ? [{ path, version }] : []
  })
}
