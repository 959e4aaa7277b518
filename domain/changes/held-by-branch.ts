import type { BranchSettings } from '@upkeep/contract/branch-settings'
import type { ChangePlan } from '@upkeep/contract/change-plan'
import type { Attestation } from '@upkeep/contract/person'
import type { Instant } from '@upkeep/contract/time'
import { dayOf } from '../distance.ts'
import { shellWord } from '../shell-word.ts'
import type { ChangeState } from './change-state.ts'
import { skippedVersion } from './skipped-versions.ts'

const dayMs = 86_400_000

type VersionInput = Extract<ChangePlan['inputs'][number], { kind: 'set-server-version' }>

/** What holds a branch back: too many that wait already, or a version that was published only now. */
export function heldByBranch(
  state: ChangeState,
  {
    others,
    settings,
    publishedAt,
    now,
  }: {
    /** The other changes that are open. */
    others: readonly ChangeState[]
    settings: BranchSettings
    /** When a version was published; null where that is not known. */
    publishedAt(name: string, version: string): Instant | null
    now: Instant
  },
): string | null {
  if (state.plan.branch === undefined) return null
  const waiting = others.filter(
    ({ id, phase, plan }) => id !== state.id && plan.branch !== undefined && phase === 'applied',
  )
  const count = waiting.flatMap(({ plan }) => plan.effects).length
  const more = state.plan.effects.length
  if (count + more > settings.mostOpen)
    return `${count} branches wait to be merged, this makes ${more} more, and branches.mostOpen in upkeep.yaml is ${settings.mostOpen}`
  for (const { package: name, to } of versionsIn(state.plan)) {
    const at = publishedAt(name, to)
    if (at === null) continue
    const from = new Date(Date.parse(at) + settings.minimumAgeDays * dayMs).toISOString()
    if (from > now)
      return `${name} ${to} was published only on ${dayOf(at)}: by branches.minimumAgeDays a branch for it is made from ${dayOf(from)} on`
  }
  return null
}

/** A version that a person passed over is not gone to, whoever proposes it, until its day is over or the decision is taken back. */
export function heldBySkip(
  { plan }: ChangeState,
  { attestations, now }: { attestations: readonly Attestation[]; now: Instant },
): string | null {
  for (const { package: name, to, server } of versionsIn(plan)) {
    const skipped = skippedVersion(attestations, { name, version: to }, now)
    if (skipped !== null)
      return `${name} ${to} is passed over until ${dayOf(skipped.until)} by ${skipped.person}: ${skipped.reason} (taken back by "upkeep fix ${shellWord(server)} --skip ${shellWord(to)} --withdraw")`
  }
  return null
}

/** Each version that a plan goes to. */
export function versionsIn({ inputs }: Pick<ChangePlan, 'inputs'>): VersionInput[] {
  return inputs.filter((input): input is VersionInput => input.kind === 'set-server-version')
}
