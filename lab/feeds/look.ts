import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Facts, FeedPlace } from '@upkeep/contract'
import { openIntel } from '@upkeep/engine/intel/open-intel'
import { createHttpPort } from '@upkeep/engine/ports/http'

export type Edition = 'first-edition' | 'second-edition'

const scratch = mkdtempSync(join(tmpdir(), 'upkeep-practice-feeds-'))
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }))

/** A file or folder of the practice feeds. */
export function practiceFeed(path: string): string {
  return join(import.meta.dirname, path)
}

/** Every feed of an edition as they lie, the scores packed as their maker packs them. */
export function feedsOfEdition(edition: Edition): FeedPlace[] {
  const packed = join(scratch, `${edition}.csv.gz`)
  writeFileSync(packed, gzipSync(readFileSync(practiceFeed(`${edition}/epss.csv`))))
  const names = ['osv', 'cve', 'kev.json', 'indicators.stix.json', 'indicators.csv', 'csaf.json']
  return [...names.map((name) => ({ path: practiceFeed(`${edition}/${name}`) })), { path: packed }]
}

/** Looks packages up, and hosts, in feeds with a state folder of their own; on 22 November 2026 unless told otherwise. */
export async function lookIn(
  feeds: readonly FeedPlace[],
  packages: readonly string[],
  { hosts = [], at = '2026-11-22T09:00:00.000Z' }: { hosts?: string[]; at?: string } = {},
): Promise<Facts<'advisories'>> {
  const intel = openIntel({ stateDir: mkdtempSync(join(scratch, 'state-')), http: createHttpPort() })
  const named = packages.map((name) => ({ ecosystem: 'npm', name }))
  const found = await intel.lookUp({ feeds, packages: named, hosts, online: false, at, signal: { aborted: false } })
  if (found.state !== 'answered') throw new Error(`${found.code}: ${found.reason}`)
  return found.facts
}
