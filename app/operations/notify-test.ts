import { UserError } from '@upkeep/contract'
import { z } from 'zod'
import { type Telling, tellChannel } from '../tell-people.ts'
import type { Context } from './context.ts'
import { deliveryRows, ListedDelivery, listedDelivery } from './notify-output.ts'
import { defineOperation } from './operation.ts'

/** Sends a test message now, whatever the hour, so that a channel is known to work before it has to. */
export const notifyTest = defineOperation({
  id: 'notify.test',
  summary: 'send a test message to every channel, or to one, and say what came of it',
  effect: 'write',
  role: 'operator',
  input: z.strictObject({
    channel: z.string().max(100).optional().meta({ description: 'Only this channel', valueName: 'name' }),
  }),
  output: z.strictObject({ deliveries: z.array(ListedDelivery) }),
  cli: {
    verb: 'notify test',
    positionals: ['channel'],
    listed: 'rest',
    examples: [
      { command: 'upkeep notify test', says: 'every channel, now, quiet hours or not' },
      { command: 'upkeep notify test pager', says: 'one of them' },
    ],
  },
  async run(context, { channel }) {
    const names = context.upkeepFile.notify.map(({ name }) => name)
    const wanted = channel === undefined ? names : names.filter((name) => name === channel)
    if (wanted.length === 0) throw noChannel(names)
    context.progress('sending')
    const sent = (await Promise.all(wanted.map((name) => tellChannel(context, name, testMessage(context))))).flat()
    const deliveries = sent.map(listedDelivery)
    const isWhole = deliveries.every(({ state }) => state === 'delivered')
    return {
      output: { deliveries },
      text: (style) => `${deliveryRows(deliveries, style).join('\n')}\n`,
      ...(isWhole ? {} : { outcome: 'findings' as const }),
    }
  },
})

function testMessage({ signer, clock }: Context): Telling {
  return {
    event: 'test',
    change: null,
    title: `sent by ${signer.person} to see whether it arrives`,
    severity: 'low',
    urgent: false,
    rehearsal: false,
    servers: [],
    owners: [signer.person],
    details: ['Nothing is wrong: this is what messages of upkeep look like here.'],
    more: 'upkeep notify log',
    thread: `test ${clock.now()}`,
    about: [],
  }
}

function noChannel(names: readonly string[]): UserError {
  if (names.length > 0) return new UserError('not-found', 'No channel has that name.', 'List them: "upkeep notify".')
  return new UserError('not-found', 'No channel is set up.', 'Name one under "notify" in upkeep.yaml.')
}
