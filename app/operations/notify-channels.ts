import type { NotifyChannel } from '@upkeep/contract/notify'
import { kindOf } from '@upkeep/domain/notices/routing'
import { plain } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import type { Delivery } from '@upkeep/engine/store/deliveries'
import { z } from 'zod'
import { goesTo, ListedDelivery, listedDelivery } from './notify-output.ts'
import { defineOperation } from './operation.ts'

const Channel = z.strictObject({
  name: z.string(),
  kind: z.enum(['mail', 'webhook', 'slack', 'teams', 'pagerduty', 'heartbeat']),
  to: z.string(),
  only: z.array(z.string()).describe('What it is told of, and when; empty: everything, at once'),
  last: ListedDelivery.nullable().describe('The newest message that was sent or not'),
  waiting: z.int().describe('Messages that are held, kept for a digest, or to be tried again'),
})
type Channel = z.infer<typeof Channel>

/** Where people are told, and whether that works. */
export const notifyChannels = defineOperation({
  id: 'notify.channels',
  summary: 'where people are told of emergencies, changes and alarms, and what arrived there last',
  effect: 'read',
  role: 'operator',
  unkept: true,
  input: z.strictObject({}),
  output: z.strictObject({ channels: z.array(Channel) }),
  cli: {
    verb: 'notify',
    positionals: [],
    listed: 'rest',
    examples: [{ command: 'upkeep notify', says: 'every channel of upkeep.yaml, with its last message' }],
  },
  async run(context) {
    const { notify, heartbeat } = context.upkeepFile
    const store = await context.existingStore()
    const latest = (await store?.deliveries.latest()) ?? []
    const waiting = (await store?.deliveries.waiting()) ?? new Map<string, number>()
    const signOfLife =
      heartbeat === undefined ? [] : [{ name: 'heartbeat', kind: 'heartbeat' as const, to: heartbeat.url, only: [] }]
    const channels = [
      ...notify.map((one) => ({ name: one.name, kind: kindOf(one), to: goesTo(one), only: onlyOf(one) })),
      ...signOfLife,
    ].map((one): Channel => ({ ...one, last: lastOf(latest, one), waiting: waiting.get(one.name) ?? 0 }))
    return {
      output: { channels },
      text: (style) =>
        channels.length === 0
          ? 'Nobody is told of anything: name channels under "notify" in upkeep.yaml.\n'
          : `${layRows(
              channels.map((one) => ({
                label: labelOf(one),
                tone:
                  one.last === null
                    ? ('dim' as const)
                    : one.last.state === 'delivered'
                      ? ('green' as const)
                      : ('yellow' as const),
                name: plain(style, one.name),
                lines: [`${one.kind} to ${plain(style, one.to)}`, ...one.only, ...lastLines(one)],
                command: one.kind === 'heartbeat' ? null : `upkeep notify test ${plain(style, one.name)}`,
              })),
              style,
            ).join('\n')}\n`,
    }
  },
})

/** Its newest message. Where it goes to several, one that did not arrive is shown before those that did. */
function lastOf(latest: readonly Delivery[], { name, kind }: Pick<Channel, 'name' | 'kind'>): ListedDelivery | null {
  const own = latest
    .filter(({ channel, via }) => channel === name && via === kind)
    .toSorted((one, other) => other.at.localeCompare(one.at, 'en'))
  const shown = own.find(({ state }) => state !== 'delivered') ?? own[0]
  return shown === undefined ? null : listedDelivery(shown)
}

function onlyOf(channel: NotifyChannel): string[] {
  const { about, owners, severity } = channel
  const [quiet, digest] = 'pagerduty' in channel ? [undefined, undefined] : [channel.quiet, channel.digest]
  return [
    ...(about === undefined ? [] : [`only ${about.join(', ')}`]),
    ...(owners === undefined ? [] : [`only servers of ${owners.join(', ')}`]),
    ...(severity === undefined ? [] : [`findings from severity ${severity} on`]),
    ...(quiet === undefined ? [] : [`quiet from ${quiet.from} to ${quiet.until} (${quiet.zone})`]),
    ...(digest === undefined
      ? []
      : [`a digest each ${digest.every === 'week' ? digest.on : 'day'} at ${digest.at} (${digest.zone})`]),
  ]
}

function labelOf({ last }: Channel): string {
  if (last === null) return 'never used'
  return last.state === 'delivered' ? 'works' : 'not told'
}

function lastLines({ last, waiting }: Channel): string[] {
  const told = last === null ? [] : [`last: ${last.at.slice(0, 16).replace('T', ' ')} UTC, ${last.event}: ${last.why}`]
  return waiting === 0 ? told : [...told, `${waiting} waiting: upkeep notify log`]
}
