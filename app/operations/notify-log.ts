import { z } from 'zod'
import { deliveryRows, ListedDelivery, listedDelivery } from './notify-output.ts'
import { defineOperation } from './operation.ts'

const shown = 50

/** What was told to whom, and what came of it. */
export const notifyLog = defineOperation({
  id: 'notify.log',
  summary: 'what was told to whom and when, what was answered, what waits or was held back and why',
  effect: 'read',
  role: 'operator',
  unkept: true,
  pages: 'deliveries',
  input: z.strictObject({
    channel: z.string().max(100).optional().meta({ description: 'Only this channel', valueName: 'name' }),
    state: ListedDelivery.shape.state.optional().meta({
      description: 'Only what is due, held, for-digest, in-digest, delivered, failed or not-sent',
      valueName: 'state',
    }),
  }),
  output: z.strictObject({ deliveries: z.array(ListedDelivery) }),
  cli: {
    verb: 'notify log',
    positionals: ['channel'],
    listed: 'rest',
    examples: [
      { command: 'upkeep notify log', says: 'the newest messages first' },
      { command: 'upkeep notify log pager --state failed --json', says: 'what one channel was not told' },
    ],
  },
  async run(context, { channel, state }) {
    const store = await context.existingStore()
    const log = (await store?.deliveries.list(channel === undefined ? {} : { channel })) ?? []
    const deliveries = log.map(listedDelivery).filter((one) => state === undefined || one.state === state)
    const left = deliveries.length - shown
    return {
      output: { deliveries },
      text: (style) => {
        if (deliveries.length === 0) return 'Nothing was told, and nothing waits.\n'
        const more = left > 0 ? [`${left} more are not shown: upkeep notify log --csv`] : []
        return `${[...deliveryRows(deliveries.slice(0, shown), style), ...more].join('\n')}\n`
      },
      table: {
        columns: [
          'at',
          'channel',
          'via',
          'recipient',
          'event',
          'title',
          'state',
          'why',
          'attempts',
          'nextAt',
          'endedAt',
          'id',
        ],
        rows: deliveries.map((one) => [
          one.at,
          one.channel,
          one.via,
          one.recipient,
          one.event,
          one.title,
          one.state,
          one.why,
          one.attempts,
          one.nextAt,
          one.endedAt,
          one.id,
        ]),
      },
    }
  },
})
