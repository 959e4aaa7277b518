import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UpkeepFile } from '@upkeep/contract'
import { stringify } from 'yaml'
import { practiceInstalls, requestOf } from './installs.ts'

/** Looks like a token and says that it is none. In two parts, so that no scanner of this repository takes it for one. */
const markedToken = ['ghp', 'PracticeFleetThisIsNotARealToken0000'].join('_')

/** The configuration files of the practice home, with the faults that a first scan should find. */
export function writeClientFiles(home: string, everythingUrl: string): void {
  const documents = join(home, 'documents')
  writeFolderFile(join(documents, 'note.txt'), 'A file of the practice fleet.\n')
  const desktop = join(home, '.config', 'Claude', 'claude_desktop_config.json')
  writeFolderFile(desktop, JSON.stringify({ mcpServers: desktopServers(documents, everythingUrl) }, null, 2))
  // The fault: a file with a token in it that everyone on the machine may read.
  chmodSync(desktop, 0o644)
  const cursor = join(home, '.cursor', 'mcp.json')
  writeFolderFile(cursor, JSON.stringify({ mcpServers: { everything: { url: everythingUrl } } }, null, 2))
  chmodSync(cursor, 0o600)
}

function desktopServers(documents: string, everythingUrl: string) {
  return {
    fs: { command: 'npx', args: ['-y', requestOf(practiceInstalls.filesystem), documents] },
    crm: { command: 'npx', args: ['-y', requestOf(practiceInstalls.remote), everythingUrl] },
    github: {
      command: 'npx',
      args: ['-y', requestOf(practiceInstalls.github)],
      env: { GITHUB_PERSONAL_ACCESS_TOKEN: markedToken },
    },
  }
}

/** The `upkeep.yaml` of the practice fleet: its one live server may be tried, and its registry is the imported one. */
export function writeUpkeepFile(path: string, everythingUrl: string, packuments: readonly string[]): UpkeepFile {
  const settings = {
    version: 1,
    profile: 'solo',
    probe: [{ url: everythingUrl, name: 'everything' }],
    feeds: { registry: [...packuments] },
  }
  writeFolderFile(path, `# Written anew by each start of the practice fleet.\n${stringify(settings)}`)
  return UpkeepFile.parse(settings)
}

function writeFolderFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
