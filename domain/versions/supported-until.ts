import { type Distribution, distributionOf } from './distribution.ts'
import { plainOrder } from './version-order.ts'

/**
 * The last day on which the makers give security updates to everybody, as they announced it: of Debian the end of long-term support, of
 * Ubuntu that of standard support. Oldest first.
 */
const lastDays: Readonly<Record<string, readonly (readonly [release: Distribution, day: string])[]>> = {
  Alpine: [
    ['Alpine:v3.14', '2023-05-01'],
    ['Alpine:v3.15', '2023-11-01'],
    ['Alpine:v3.16', '2024-05-23'],
    ['Alpine:v3.17', '2024-11-22'],
    ['Alpine:v3.18', '2025-05-09'],
    ['Alpine:v3.19', '2025-11-01'],
    ['Alpine:v3.20', '2026-04-01'],
    ['Alpine:v3.21', '2026-11-01'],
    ['Alpine:v3.22', '2027-05-01'],
    ['Alpine:v3.23', '2027-11-01'],
  ],
  Debian: [
    ['Debian:10', '2024-06-30'],
    ['Debian:11', '2026-08-31'],
    ['Debian:12', '2028-06-30'],
    ['Debian:13', '2030-06-30'],
  ],
  Ubuntu: [
    ['Ubuntu:18.04:LTS', '2023-05-31'],
    ['Ubuntu:20.04:LTS', '2025-05-31'],
    ['Ubuntu:22.04:LTS', '2027-05-31'],
    ['Ubuntu:24.04:LTS', '2029-05-31'],
  ],
}

/**
 * Until which day a release is looked after: after it nothing new is in any feed of it. `before`: it is older than any that is listed, and
 * ended long ago. Null where there is no such day or none is known: rolling ones, and those that came out later.
 */
export function supportedUntil(distribution: Distribution): { day: string; before: boolean } | null {
  const list = lastDays[distributionOf(distribution)] ?? []
  const listed = list.find(([release]) => release === distribution)
  if (listed !== undefined) return { day: listed[1], before: false }
  const interim = /^Ubuntu:(\d\d)\.(\d\d)$/.exec(distribution)
  if (interim !== null) return { day: ninthMonthAfter(Number(interim[1]), Number(interim[2])), before: false }
  const [oldest] = list
  if (oldest === undefined || (plainOrder('Debian:12', numberOf(distribution), numberOf(oldest[0])) ?? 0) >= 0)
    return null
  return { day: oldest[1], before: true }
}

function numberOf(distribution: Distribution): string {
  return /\d+(?:\.\d+)?/.exec(distribution)?.[0] ?? '0'
}

/** Releases of Ubuntu between those of long-term support are named after their month and live for nine. */
function ninthMonthAfter(year: number, month: number): string {
  const months = year * 12 + month - 1 + 9
  return `20${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}-28`
}
