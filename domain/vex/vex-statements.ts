import { type AboutPackage, leading, sameVulnerability } from '../advisories/known-advisories.ts'
import { judgePart, type KnownPart, versionOf } from '../advisories/match-parts.ts'
import { packageKey } from '../purl.ts'
import { hasFix } from '../versions/judge-version.ts'

/**
 * CycloneDX's words for what an advisory means for a product, as far as versions alone can tell. A version with the fix is `resolved`;
 * `not_affected` is one that never had the code. CycloneDX's reasons for the latter speak of code that was removed or is not reached: a
 * version alone shows none of them, so none is given.
 */
export type VexState = 'exploitable' | 'in_triage' | 'not_affected' | 'resolved'

/** Whether one vulnerability applies to one package of a server, and why. */
export interface VexStatement {
  advisory: AboutPackage
  state: VexState
  why: string
  /** The parts that the state rests on; the affected ones where there are any. */
  parts: [KnownPart, ...KnownPart[]]
}

/**
 * States for every advisory about a package among the parts whether it applies. `exploitable` means that the vulnerable version is there:
 * whether its code is reached is not judged. Several records about one vulnerability are one statement, of the worst state.
 */
export function vexStatements(
  parts: readonly KnownPart[],
  advisories: ReadonlyMap<string, readonly AboutPackage[]>,
): VexStatement[] {
  const groups = new Map<string, [KnownPart, ...KnownPart[]]>()
  for (const part of [...parts].sort((a, b) => Number(b.direct) - Number(a.direct))) {
    const key = packageKey(part.ecosystem, part.name)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [part])
    else group.push(part)
  }
  return [...groups].flatMap(([key, group]) =>
    mergeAliases((advisories.get(key) ?? []).map((advisory) => statementOf(advisory, group))),
  )
}

const worstFirst: readonly VexState[] = ['exploitable', 'in_triage', 'not_affected', 'resolved']

function statementOf(advisory: AboutPackage, group: [KnownPart, ...KnownPart[]]): VexStatement {
  const [first, ...others] = group
  let worst = judged(first, advisory)
  for (const part of others) {
    const one = judged(part, advisory)
    if (one.state === worst.state) worst.parts.push(part)
    else if (worstFirst.indexOf(one.state) < worstFirst.indexOf(worst.state)) worst = one
  }
  return worst
}

function judged(part: KnownPart, advisory: AboutPackage): VexStatement {
  const { state, why } = judgePart(part, advisory)
  return {
    advisory,
    state: state === 'clear' ? clearState(part, advisory) : state === 'affected' ? 'exploitable' : 'in_triage',
    why: `${part.name} ${versionOf(part)}: ${why}`,
    parts: [part],
  }
}

function clearState(part: KnownPart, { affected }: AboutPackage): VexState {
  const versions = part.bundled?.versions ?? [part.version]
  return versions.every((one) => hasFix(part.ecosystem, one, affected)) ? 'resolved' : 'not_affected'
}

function mergeAliases(statements: readonly VexStatement[]): VexStatement[] {
  const merged: VexStatement[] = []
  for (const one of statements) {
    const at = merged.findIndex((known) => isSame(known, one))
    const known = merged[at]
    if (known === undefined) merged.push(one)
    else merged[at] = worse(known, one)
  }
  return merged
}

function isSame(one: VexStatement, other: VexStatement): boolean {
  const [a, b] = [one.advisory.record, other.advisory.record]
  return a.malicious === b.malicious && sameVulnerability(a, b)
}

function worse(one: VexStatement, other: VexStatement): VexStatement {
  const difference = worstFirst.indexOf(one.state) - worstFirst.indexOf(other.state)
  if (difference !== 0) return difference < 0 ? one : other
  return leading(one.advisory.record, other.advisory.record) === one.advisory.record ? one : other
}
