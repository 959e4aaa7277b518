import { packageKey } from '../purl.ts'
import { type Judgement, judgeVersion } from '../versions/judge-version.ts'
import { versionSpan } from './bundled-parts.ts'
import type { Part } from './judged-copies.ts'
import { type AboutPackage, callName, leading, sameVulnerability } from './known-advisories.ts'

/** A part with the version that makes it comparable. */
export type KnownPart = Part & { version: string }

/** One vulnerability that holds for one package, wherever in the server's tree the package was found. */
export interface Match {
  advisory: AboutPackage
  /** The first is the one that the entry starts, if that is affected. */
  parts: [KnownPart, ...KnownPart[]]
}

/** Everything that matching found, could not tell, and showed to be clear. */
export interface Matching {
  matches: Match[]
  unknowns: string[]
  /** Each judgement that a version lies outside what an advisory names. */
  clear: string[]
}

/** Judges every part by every advisory about its package. */
export function matchParts(parts: readonly Part[], advisories: ReadonlyMap<string, readonly AboutPackage[]>): Matching {
  const matching: Matching = { matches: [], unknowns: [], clear: [] }
  for (const group of groupByPackage(parts)) {
    const about = advisories.get(packageKey(group[0].ecosystem, group[0].name)) ?? []
    const found = about.map((advisory) => judgeGroup(advisory, group))
    const matches = withoutGathered(mergeAliases(found.flatMap((one) => one.match ?? [])))
    matching.matches.push(...matches)
    for (const one of found) {
      const told = matches.some((match) => sameVulnerability(match.advisory.record, one.advisory.record))
      if (!told) matching.unknowns.push(...one.unknowns)
      if (!told && one.unknowns.length === 0) matching.clear.push(...one.clear)
    }
  }
  return matching
}

type Group = [KnownPart, ...KnownPart[]]

function groupByPackage(parts: readonly Part[]): Group[] {
  const groups = new Map<string, Group>()
  const directFirst = [...parts].sort((a, b) => Number(b.direct) - Number(a.direct))
  for (const part of directFirst) {
    if (part.version === null) continue
    const known = { ...part, version: part.version }
    const key = packageKey(part.ecosystem, part.name)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [known])
    else group.push(known)
  }
  return [...groups.values()]
}

interface GroupJudged {
  advisory: AboutPackage
  match: Match | null
  unknowns: string[]
  clear: string[]
}

function judgeGroup(advisory: AboutPackage, group: Group): GroupJudged {
  const judged = group.map((part) => ({ part, ...judgePart(part, advisory) }))
  const affected = judged.filter((one) => one.state === 'affected').map((one) => one.part)
  const name = callName(advisory.record)
  const linesOf = (state: string, word: string) =>
    judged
      .filter((one) => one.state === state)
      .map((one) => `${name} ${word} ${one.part.name} ${versionOf(one.part)}: ${one.why}`)
  const [first, ...more] = affected
  return {
    advisory,
    match: first === undefined ? null : { advisory, parts: [first, ...more] },
    unknowns: [...new Set(linesOf('unknown', 'cannot be judged for'))],
    clear: [...new Set(linesOf('clear', 'does not hold for'))],
  }
}

/** Of what can be several versions, an advisory must say the same of each. */
export function judgePart(part: KnownPart, { affected }: Pick<AboutPackage, 'affected'>): Judgement {
  const versions = part.bundled?.versions ?? [part.version]
  const judged = versions.map((version) => judgeVersion(part.ecosystem, version, affected))
  const [first] = judged
  if (first === undefined) return { state: 'unknown', why: 'its version is not known' }
  if (judged.every((one) => one.state === first.state)) return first
  const file = part.bundled?.file ?? 'a bundle'
  return { state: 'unknown', why: `recognised in ${file}, it can be any of these versions, and not all are affected` }
}

/** The version of a part for a sentence. */
export function versionOf(part: KnownPart): string {
  return part.bundled === undefined ? part.version : versionSpan(part.bundled.versions)
}

/** Several databases describe one vulnerability under different ids: it is one match. Malicious records stay by themselves. */
function mergeAliases(matches: readonly Match[]): Match[] {
  let groups: [Match, ...Match[]][] = []
  for (const match of matches) {
    // Two that do not know of each other are one where a third names both.
    const [first, ...more] = groups.filter((group) => group.some((one) => isSame(one, match)))
    if (first === undefined) groups.push([match])
    else {
      first.push(match, ...more.flat())
      groups = groups.filter((group) => !more.includes(group))
    }
  }
  return groups.map((group) => group.reduce(leader))
}

function isSame({ advisory: { record: a } }: Match, { advisory: { record: b } }: Match): boolean {
  return a.malicious === b.malicious && sameVulnerability(a, b)
}

function leader(a: Match, b: Match): Match {
  return leading(b.advisory.record, a.advisory.record) === b.advisory.record ? b : a
}

/** A notice that gathers several vulnerabilities adds nothing where each of them is a match of its own. */
function withoutGathered(matches: readonly Match[]): Match[] {
  const names = new Set(matches.flatMap(({ advisory: { record } }) => [record.id, ...record.aliases]))
  return matches.filter(({ advisory: { record } }) => {
    const gathered = record.gathers ?? []
    return gathered.length === 0 || gathered.some((name) => !names.has(name))
  })
}
