import type { Facts } from '@upkeep/contract'
import { packageKey } from '../purl.ts'
import type { PackageAdvisory } from '../versions/rank-candidates.ts'

export type Advisory = Facts<'advisories'>['records'][number]

/** One advisory as it bears on one package. */
export interface AboutPackage extends PackageAdvisory {
  record: Advisory
}

/** The advisories in force, by package. Of several editions of one record the newest counts; withdrawn records count for nothing. */
export function byPackage(records: readonly Advisory[]): Map<string, AboutPackage[]> {
  const index = new Map<string, AboutPackage[]>()
  for (const record of newestEditions(records)) {
    if (record.withdrawn !== null) continue
    const keys = new Set(record.affected.map((entry) => packageKey(entry.ecosystem, entry.name)))
    for (const key of keys) {
      const affected = record.affected.filter((entry) => packageKey(entry.ecosystem, entry.name) === key)
      index.set(key, [...(index.get(key) ?? []), { id: record.id, affected, record }])
    }
  }
  return index
}

function newestEditions(records: readonly Advisory[]): Advisory[] {
  const newest = new Map<string, Advisory>()
  for (const record of records) {
    const known = newest.get(record.id)
    if (known === undefined || known.modified <= record.modified) newest.set(record.id, record)
  }
  return [...newest.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** True when two records are about one vulnerability: one names the other, or both name a third. */
export function sameVulnerability(a: Advisory, b: Advisory): boolean {
  const names = new Set([a.id, ...a.aliases])
  return [b.id, ...b.aliases].some((name) => names.has(name))
}

const order = ['GHSA-', 'CVE-', 'PYSEC-']

/** Of several records about one vulnerability always the same one gives it its name, whatever feeds there are. */
export function leading(a: Advisory, b: Advisory): Advisory {
  const difference = rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : 1)
  return difference <= 0 ? a : b
}

function rankOf(record: Advisory): number {
  const rank = order.findIndex((prefix) => record.id.startsWith(prefix))
  return rank === -1 ? order.length : rank
}

/** What people call it: its CVE number where it has one. */
export function callName(record: Advisory): string {
  return [record.id, ...record.aliases].find((name) => name.startsWith('CVE-')) ?? record.id
}
