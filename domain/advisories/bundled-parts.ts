import type { Facts, Seen } from '@upkeep/contract'
import { packageKey } from '../purl.ts'
import type { Judged, Part } from './judged-copies.ts'
import { type AboutPackage, callName } from './known-advisories.ts'

type Bundled = Facts<'bundled-code'>['components'][number]

/**
 * Adds what was recognised inside the files of the copies that are judged. Where it can be one of several versions, each advisory must say
 * the same of all of them; where it is no published version, nothing can be said of it.
 */
export function withBundled(judged: Judged, bundled: Seen<'bundled-code'>): Judged {
  if (judged.copies.length === 0 || bundled.state === 'absent') return judged
  if (bundled.state === 'unavailable') return gap(judged, `code inside bundles was not looked into: ${bundled.reason}`)
  const here = bundled.facts.components.filter((one) => judged.copies.includes(one.copy))
  const [first] = bundled.facts.problems
  const unread = bundled.facts.problems.length
  const looked =
    first === undefined ? judged : gap(judged, `${unread} places were not looked into for bundled code: ${first}`)
  return {
    ...looked,
    parts: [...looked.parts, ...here.flatMap((one) => asPart(one))],
    foreign: here.filter((one) => one.versions.length === 0),
  }
}

function gap(judged: Judged, why: string): Judged {
  return { ...judged, whole: false, unknowns: [...judged.unknowns, why] }
}

function asPart(one: Bundled): Part[] {
  const newest = one.versions.at(-1)
  if (newest === undefined || (one.ecosystem !== 'npm' && one.ecosystem !== 'PyPI')) return []
  const { ecosystem, name, versions, copy, evidence } = one
  const bundled = { versions, confidence: evidence.confidence, file: evidence.file, detail: evidence.detail }
  return [{ ecosystem, name, version: newest, path: evidence.file, copy, direct: false, bundled }]
}

/** What cannot be said of recognised code that no published version has. */
export function foreignUnknowns(
  foreign: readonly Bundled[],
  advisories: ReadonlyMap<string, readonly AboutPackage[]>,
): string[] {
  return foreign.map((one) => {
    const about = advisories.get(packageKey(one.ecosystem, one.name)) ?? []
    const names = about.map(({ record }) => callName(record)).slice(0, 10)
    const whether = names.length === 0 ? 'what is wrong with it' : `whether ${names.join(', ')} holds for it`
    return `${one.evidence.file} holds ${one.name} (recognised, ${sureness(one.evidence.confidence)}) as no published version has it, nearest ${versionSpan(one.nearest)}: ${whether} is not known`
  })
}

/** How sure a recognition is, in a few words. */
export function sureness(confidence: number): string {
  return `${Math.round(confidence * 100)} % sure`
}

/** Several versions as one text: first to last. */
export function versionSpan(versions: readonly string[]): string {
  const [first] = versions
  const last = versions.at(-1)
  return first === undefined || first === last ? (first ?? 'not known') : `${first} to ${last}`
}
