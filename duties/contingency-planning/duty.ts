import { type Assessment, defineDuty, type FindingDraft, rule } from '@upkeep/contract'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import { changesNeeded, judgeChanges, wasBegun } from '@upkeep/domain/changes/over-changes'
import { z } from 'zod'

const rules = {
  'begun-undecided': rule({
    version: 1,
    title: 'Begun without a decision',
    severity: 'medium',
    help: 'Look at how it came past the gate: upkeep verify.',
    facts: z.object({ change: z.string() }),
    identity: ['change'],
  }),
  'left-in-part': rule({
    version: 1,
    title: 'Taken back in part',
    severity: 'high',
    help: 'Put what is left right by hand: the change names each file with the reason.',
    facts: z.object({ change: z.string(), paths: z.array(z.string()) }),
    identity: ['change'],
  }),
  'stopped-in-the-middle': rule({
    version: 1,
    title: 'Stopped in the middle',
    severity: 'high',
    help: 'Go on with it, or take it back.',
    facts: z.object({ change: z.string(), since: z.string() }),
    identity: ['change'],
  }),
}
type Findings = FindingDraft<typeof rules>[]

export const contingencyPlanning = defineDuty({
  id: 'contingency-planning',
  version: 2,
  heading: 'Risk Management',
  title: 'Contingency Planning',
  summary: 'Before each change it is decided whether what is needed is there, and nothing is left half taken back.',
  cadence: 'weekly',
  scope: 'fleet',
  adoptedBy: ['team', 'enterprise'],
  needs: changesNeeded,
  params: z.object({}),
  rules,
  assess({ seen, at }): Assessment<typeof rules> {
    return judgeChanges(seen.changes, {
      isAbout: wasBegun,
      none: 'no change was begun',
      judge: (begun) => ({
        findings: begun.flatMap((change) => [...undecided(change), ...inPart(change), ...stopped(change, at)]),
        passes: begun.length === 0 ? [] : [`${begun.length} changes that were begun were looked at`],
        notCovered: ['plans that are kept elsewhere'],
      }),
    })
  },
})

function undecided({ id, title, go }: SeenChange): Findings {
  if (go === true) return []
  return [
    {
      rule: 'begun-undecided',
      facts: { change: id },
      summary: `"${title}" was begun, and whether all was there for it was not decided before`,
      action: `Look at it: upkeep changes ${id}`,
    },
  ]
}

function inPart({ id, title, outcome, left }: SeenChange): Findings {
  if (outcome !== 'rolled-back-in-part') return []
  const paths = left.map(({ path }) => path)
  return [
    {
      rule: 'left-in-part',
      facts: { change: id, paths },
      summary: `"${title}" was taken back but for ${paths.length === 1 ? 'one file' : `${paths.length} files`}`,
      action: `Put it right by hand: upkeep changes ${id} names each file with the reason`,
    },
  ]
}

const budgetMs = 3_600_000

/** A change whose client was not started again yet stands, and is not in the middle. */
function stopped({ id, title, phase, lastAt }: SeenChange, at: string): Findings {
  const isMiddle = phase === 'applying' || phase === 'undoing'
  if (!isMiddle || Date.parse(at) - Date.parse(lastAt) < budgetMs) return []
  return [
    {
      rule: 'stopped-in-the-middle',
      facts: { change: id, since: lastAt },
      summary: `"${title}" stopped in the middle at ${lastAt}`,
      action: `Go on with it, or let it take itself back: upkeep fix --change ${id}`,
    },
  ]
}
