import type { Packument } from '@upkeep/contract/observations/registry'
import type { WantedPackage } from './describe-packument.ts'

/** So many versions after the installed one of a package that an entry starts are looked at: the next ones, and the newest. */
const next = 8
const newest = 4

/** The attested versions whose attestations are worth asking for: what is installed, and where one would go from there. */
export function attestedVersions(packument: Packument, wanted: WantedPackage): string[] {
  const attested = packument.versions.filter((one) => one.attested === true).map((one) => one.version)
  const installed = attested.filter((version) => wanted.versions.includes(version))
  if (!wanted.direct) return installed
  const order = packument.versions.map((one) => one.version)
  const places = wanted.versions.map((version) => order.indexOf(version)).filter((place) => place >= 0)
  const from = places.length === 0 ? order.length : Math.min(...places)
  const ahead = attested.filter((version) => order.indexOf(version) > from)
  return [...new Set([...installed, ...ahead.slice(0, next), ...ahead.slice(-newest), ...tagged(packument, attested)])]
}

function tagged({ distTags }: Packument, attested: readonly string[]): string[] {
  const { latest } = distTags
  return latest !== undefined && attested.includes(latest) ? [latest] : []
}
