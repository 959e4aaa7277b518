import { Digest, Subject } from '@upkeep/contract'
import { ago } from '@upkeep/domain/distance'
import { layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import { requireStore } from './draw-report.ts'
import { defineOperation } from './operation.ts'

const Approved = z.strictObject({
  subject: Subject,
  approved: Digest.nullable(),
  baseline: z.string(),
  at: z.string(),
  by: z.string(),
  presence: z.string(),
  reason: z.string(),
})

/** The approved state of each server: the newest approval counts. */
export const baselineShow = defineOperation({
  id: 'baseline.show',
  summary: 'list the approved state of each server, and by whom',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({}),
  output: z.strictObject({ servers: z.array(Approved) }),
  cli: {
    verb: 'baseline show',
    positionals: [],
    listed: 'rest',
    examples: [{ command: 'upkeep baseline show', says: 'every approved server' }],
  },
  async run(context) {
    const at = context.clock.now()
    const newest = new Map<string, z.infer<typeof Approved>>()
    for (const one of await (await requireStore(context)).baselines.list()) {
      for (const { subject, approved } of one.servers) {
        const { person, presence } = one.signer
        newest.set(subject.id, {
          subject,
          approved,
          baseline: one.id,
          at: one.at,
          by: person,
          presence,
          reason: one.reason,
        })
      }
    }
    const servers = [...newest.values()]
    return {
      output: { servers },
      text: (style) => {
        if (servers.length === 0) return 'No state is approved yet: upkeep baseline accept\n'
        const rows = servers.map((one) => ({
          label: one.approved === null ? 'gone' : 'approved',
          tone: 'green' as const,
          name: one.subject.name,
          lines: [`${ago(one.at, at)} by ${one.by}: ${one.reason}`, one.subject.id],
          command: null,
        }))
        return `${layRows(rows, style).join('\n')}\n`
      },
      table: {
        columns: ['subject', 'subject_id', 'approved', 'at', 'by', 'reason', 'baseline'],
        rows: servers.map((one) => [
          one.subject.name,
          one.subject.id,
          one.approved,
          one.at,
          one.by,
          one.reason,
          one.baseline,
        ]),
      },
    }
  },
})
