import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { npxFolder } from '@upkeep/app/practice/installs'
import { startNpmRegistry } from '@upkeep/app/vet/testing/npm-registry'
import { runCommand } from '../fleet/run-command.ts'
import { type OnTerminal, onTerminal, type Typed } from '../terminal.ts'
import {
  cli,
  type Ended,
  environmentOf,
  type Installation,
  newInstallation,
  removeInstallation,
  upkeep,
  writeFiles,
} from './installation.ts'
import { notesServer } from './young-servers.ts'

/** Newer than all others, tested well, and it crashes once it is in place. */
const crashing = notesServer.find(({ version }) => version === '1.1.0')
if (crashing === undefined) throw new Error('the server that crashes once it is in place is gone')
const bad = { ...crashing, version: '1.6.0' }
/** One that runs with the Node that is here, and has lost nothing. */
const sound = notesServer.find(({ version }) => version === '1.0.0')
if (sound === undefined) throw new Error('there is no version that runs')
const published = [...notesServer.filter(({ version }) => version < '1.4.0'), { ...sound, version: '1.4.0' }, bad]

export const passphrase = 'open sesame'

/** A laptop over a month: commands are run on a day of a simulated clock, feeds change between them. */
export interface Month {
  place: Installation
  /** Runs a command at that time of the simulated clock. */
  at(when: string, ...words: string[]): Promise<Ended>
  /** The same at a terminal, where a person answers. */
  atTerminal(when: string, words: readonly string[], types: readonly Typed[]): Promise<OnTerminal>
  /** The feeds as they are from now on. */
  publish(feeds: { advisories: readonly object[]; exploited: readonly string[] }): void
  /** What was fetched so far looks an hour old: a young server can tell. */
  age(): void
  close(): Promise<void>
}

/** @param root Where it lies: a name of words and numbers, since what looks drawn at random is hidden as a secret. */
export async function openMonth(root: string, config: string, upkeepYaml: string): Promise<Month> {
  rmSync(root, { recursive: true, force: true })
  const place = newInstallation(root)
  const registry = await startNpmRegistry(published)
  const away = { npm_config_registry: registry.url, npm_config_userconfig: join(root, 'no-npmrc') }
  const env = (when: string) => ({ ...away, UPKEEP_SIMULATED_CLOCK: when })
  writeFiles(root, { '.cursor/mcp.json': config, 'upkeep.yaml': upkeepYaml })
  const request = 'notes-server@1.0.0'
  const tree = npxFolder(join(root, '.npm'), request)
  mkdirSync(tree, { recursive: true })
  writeFiles(tree, { 'package.json': '{}' })
  const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--cache', join(root, 'cache'), request]
  await runCommand('npm', words, tree, environmentOf(place, away))
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', join(root, 'person')])
  return {
    place,
    at: (when, ...said) => upkeep(place, said, { env: env(when), cwd: root }),
    atTerminal: (when, said, types) =>
      onTerminal([process.execPath, cli, ...said, '--key', join(root, 'person')], {
        env: { ...environmentOf(place, env(when)), NO_COLOR: '1' },
        cwd: root,
        types,
      }),
    publish({ advisories, exploited }) {
      const records = advisories.map((record, index) => [`feed/osv/T-${index}.json`, JSON.stringify(record)] as const)
      writeFiles(root, { ...Object.fromEntries(records), 'feed/kev.json': JSON.stringify(exploitedList(exploited)) })
    },
    age() {
      const then = new Date(Date.now() - 3_600_000)
      for (const entry of readdirSync(join(place.stateDir, 'candidates'), { recursive: true, withFileTypes: true }))
        if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), then, then)
    },
    async close() {
      await registry.close()
      removeInstallation(place)
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** An advisory in the form of OSV. */
export function advisory(id: string, cve: string, affected: { name: string; fixed: string }, vector: string): object {
  const modified = '2026-11-29T00:00:00Z'
  const ranges = [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: affected.fixed }] }]
  return {
    schema_version: '1.7.0',
    id,
    modified,
    published: modified,
    aliases: [cve],
    summary: `${affected.name}: whoever can call it reads what it must not read.`,
    severity: [{ type: 'CVSS_V3', score: vector }],
    affected: [{ package: { ecosystem: 'npm', name: affected.name }, ranges }],
  }
}

function exploitedList(cves: readonly string[]): object {
  const vulnerabilities = cves.map((cveID) => ({
    ...{ cveID, vendorProject: 'practice', product: 'practice', vulnerabilityName: 'practice' },
    ...{ dateAdded: '2026-12-20', shortDescription: 'practice', requiredAction: 'Update.', dueDate: '2026-12-23' },
    ...{ knownRansomwareCampaignUse: 'Unknown', notes: '' },
  }))
  const dateReleased = '2026-11-30T15:00:00.0000Z'
  return { title: 'practice', catalogVersion: '2026.11.30', dateReleased, count: cves.length, vulnerabilities }
}
