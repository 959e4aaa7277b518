import type { AffectedServer, StatedFinding } from '@upkeep/contract'
import { affectedByPackages } from '@upkeep/domain/changes/affected-servers'
import { dayOf } from '@upkeep/domain/distance'
import { type OpenHistory, openFleetHistory } from '@upkeep/engine/history/fleet-history'
import type { Store } from '@upkeep/engine/store/store'

/** Who is affected by what a finding says, now and by what is remembered (opened before, where several are asked for); and what of it is not known, in words. */
export async function affectedBy(
  remembers: Store | OpenHistory,
  finding: StatedFinding,
  open: readonly StatedFinding[],
): Promise<{ affected: AffectedServer[]; notKnown: string[] }> {
  const { before } = 'before' in remembers ? remembers : await openFleetHistory(remembers)
  const history = before.state === 'seen' ? before.facts : null
  const { subject } = finding
  const byPackage = history === null ? [] : affectedByPackages(history, finding, open)
  const itself = { server: subject.id, name: subject.name.slice(0, 300), part: null, since: null, until: null }
  const isThere = byPackage.some(({ server }) => server === subject.id)
  return {
    affected: isThere || subject.kind !== 'server' ? byPackage : [itself, ...byPackage],
    notKnown: [
      ...(history === null || history.since === null ? ['what servers had before is not remembered'] : []),
      ...(history?.leftOut ?? []),
    ],
  }
}

const maxWords = 50

/** Each affected server in a line. */
export function affectedWords(affected: readonly AffectedServer[]): string[] {
  const lines = affected.slice(0, maxWords).map(({ server, name, part, until }) => {
    const what = part === null ? '' : `: ${part}`
    return `${until === null ? 'has it now' : `had it until ${dayOf(until)} at least`}: ${name}${what} (${server})`
  })
  return affected.length > maxWords ? [...lines, `${affected.length - maxWords} more`] : lines
}
