import { type Assessment, defineDuty, type FindingDraft, rule } from '@upkeep/contract'
import type { SeenChange, SeenUndocumented } from '@upkeep/contract/observations/changes'
import { changesNeeded, judgeChanges } from '@upkeep/domain/changes/over-changes'
import { z } from 'zod'

const rules = {
  'undocumented-change': rule({
    version: 1,
    title: 'Something was changed without a change, and nobody has said why',
    severity: 'medium',
    help: 'Find out who did it. Say why (upkeep changes --justify <id> --reason "…"), or put the approved state back.',
    facts: z.object({
      change: z.string(),
      server: z.string(),
      path: z.string(),
      uid: z.int().nullable(),
      written: z.string().nullable(),
    }),
    identity: ['change'],
  }),
  'result-not-seen': rule({
    version: 1,
    title: 'A change was made, and nobody has looked what came of it',
    severity: 'medium',
    help: 'Go on with it: upkeep fix --change <id>.',
    facts: z.object({ change: z.string(), title: z.string(), since: z.string() }),
    identity: ['change'],
  }),
}
type Rules = typeof rules
const dayMs = 86_400_000

export const changeDocumentation = defineDuty({
  id: 'change-documentation',
  version: 1,
  heading: 'Maintenance Scheduling',
  title: 'Change Documentation',
  summary:
    'Every change to what runs has its document: those made here by themselves, and those made behind our back once somebody says why.',
  cadence: 'weekly',
  scope: 'fleet',
  adoptedBy: ['team', 'enterprise'],
  needs: changesNeeded,
  params: z.object({
    resultDays: z
      .int()
      .min(0)
      .max(90)
      .default(1)
      .describe('Within how many days it has to be seen what came of a change'),
  }),
  rules,
  assess({ seen: { changes }, params: { resultDays }, at }): Assessment<Rules> {
    return judgeChanges(changes, {
      isAbout: () => true,
      none: 'no change was made, and none was found that nobody made here',
      judge(every, { undocumented: behind = [] }) {
        const open = behind.filter(({ justified }) => !justified)
        const unseen = every.filter((change) => isUnseen(change, resultDays, at))
        const all = every.length + behind.length
        const right = all - open.length - unseen.length
        return {
          findings: [...open.map((one) => undocumented(one, at)), ...unseen.map(unseenResult)],
          passes:
            right === 0 ? [] : [`${right} of ${all} changes have their document: upkeep changes --documents <folder>`],
          notCovered: ['what changed since the round before this one', 'what has no approved state to differ from'],
        }
      },
    })
  },
  canClear: (_finding, { seen: { changes } }) => changes.state === 'seen',
})

function undocumented(
  { id, server, path, uid, written, due, kind }: SeenUndocumented,
  at: string,
): FindingDraft<Rules> {
  const by = uid === null ? 'by nobody known' : `uid ${uid}`
  const when = written === null ? 'time not known' : written.slice(0, 16).replace('T', ' ')
  const late = due <= at
  return {
    rule: 'undocumented-change',
    facts: { change: id, server, path, uid, written },
    summary: `${server} ${kind}: undocumented, ${by}, ${when}, needs justification by ${due.slice(0, 10)}`,
    action: `Say why: upkeep changes --justify ${id} --reason "…". Or put the approved state back.`,
    ...(late ? { severity: 'high' as const } : {}),
  }
}

function isUnseen({ phase, lastAt }: SeenChange, days: number, at: string): boolean {
  return (phase === 'applied' || phase === 'undone') && Date.parse(at) - Date.parse(lastAt) > days * dayMs
}

function unseenResult({ id, title, lastAt }: SeenChange): FindingDraft<Rules> {
  return {
    rule: 'result-not-seen',
    facts: { change: id, title, since: lastAt },
    summary: `"${title}" stands since ${lastAt.slice(0, 10)}, and nobody has seen it in force`,
    action: `Go on with it: upkeep fix --change ${id}.`,
  }
}
