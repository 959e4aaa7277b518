import { z } from 'zod'
import { type Running, serve } from './loopback.ts'

/** A text that Slack shows as it is: `&`, `<` and `>` are written as entities, so that nothing in it is a mention or a link. */
const escaped = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^(?:[^&<>]|&(?:amp|lt|gt);)*$/)
const PlainText = (most: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: escaped(most), emoji: z.boolean().optional() })

/** By Slack's reference of incoming webhooks and Block Kit: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
const SlackMessage = z.strictObject({
  text: escaped(40_000),
  blocks: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('header'), text: PlainText(150) }),
        z.strictObject({ type: z.literal('section'), text: PlainText(3_000) }),
        z.strictObject({ type: z.literal('context'), elements: z.array(PlainText(3_000)).min(1).max(10) }),
      ]),
    )
    .max(50),
  unfurl_links: z.boolean().optional(),
  unfurl_media: z.boolean().optional(),
  link_names: z.boolean().optional(),
})

const TextRun = z.strictObject({
  type: z.literal('TextRun'),
  text: z.string().min(1),
  weight: z.enum(['Lighter', 'Default', 'Bolder']).optional(),
  size: z.enum(['Small', 'Default', 'Medium', 'Large', 'ExtraLarge']).optional(),
  isSubtle: z.boolean().optional(),
  fontType: z.enum(['Default', 'Monospace']).optional(),
})

/** By the schema of Adaptive Cards 1.4, in the envelope of a Teams workflow: https://adaptivecards.io/explorer/ */
const TeamsMessage = z.strictObject({
  type: z.literal('message'),
  attachments: z
    .array(
      z.strictObject({
        contentType: z.literal('application/vnd.microsoft.card.adaptive'),
        contentUrl: z.null(),
        content: z.strictObject({
          $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
          type: z.literal('AdaptiveCard'),
          version: z.literal('1.4'),
          body: z.array(z.strictObject({ type: z.literal('RichTextBlock'), inlines: z.array(TextRun).min(1) })).min(1),
        }),
      }),
    )
    .length(1),
})

const routingKey = z.string().regex(/^[a-zA-Z0-9]{32}$/)
const dedupKey = z.string().min(1).max(255)

/** By the reference of PagerDuty's Events API v2: https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ */
const PagerDutyEvent = z.discriminatedUnion('event_action', [
  z.strictObject({
    routing_key: routingKey,
    event_action: z.literal('trigger'),
    dedup_key: dedupKey,
    client: z.string().optional(),
    payload: z.strictObject({
      summary: z.string().min(1).max(1_024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.iso.datetime(),
      class: z.string().optional(),
      custom_details: z.record(z.string(), z.unknown()),
    }),
  }),
  z.strictObject({ routing_key: routingKey, event_action: z.enum(['acknowledge', 'resolve']), dedup_key: dedupKey }),
])

const services = {
  '/slack': { form: SlackMessage, maxBytes: 1_000_000, taken: [200, 'ok'], refused: [400, 'invalid_payload'] },
  '/teams': { form: TeamsMessage, maxBytes: 28_000, taken: [202, ''], refused: [400, 'invalid card'] },
  '/pagerduty': {
    form: PagerDutyEvent,
    maxBytes: 512_000,
    taken: [202, '{"status":"success","message":"Event processed"}'],
    refused: [400, '{"status":"invalid event"}'],
  },
} as const

/** Messages as the three services take them, by what their references say; anything else is refused as they refuse it. */
export interface MessageServices extends Running {
  /** What was taken, in order. */
  readonly taken: { service: 'slack' | 'teams' | 'pagerduty'; message: Record<string, unknown> }[]
  readonly refused: string[]
}

/** Stands in for Slack, Teams and PagerDuty, each below a path of its name. None of them was asked. */
export async function openMessageServices(): Promise<MessageServices> {
  const taken: MessageServices['taken'] = []
  const refused: string[] = []
  const running = await serve(
    (request, response) => {
      const service = Object.entries(services).find(([path]) => path === request.url)
      let body = ''
      request.on('data', (part: Buffer) => (body += part))
      request.on('end', () => {
        if (
          service === undefined ||
          request.method !== 'POST' ||
          request.headers['content-type'] !== 'application/json'
        )
          return response.writeHead(404).end('no_service')
        const [path, { form, maxBytes, taken: yes, refused: no }] = service
        const parsed = form.safeParse(JSON.parse(body))
        const fits = Buffer.byteLength(body) <= maxBytes
        if (!parsed.success || !fits) {
          refused.push(`${path} ${parsed.error?.message ?? 'too large'}`)
          return response.writeHead(no[0]).end(no[1])
        }
        const name = z.enum(['slack', 'teams', 'pagerduty']).parse(path.slice(1))
        taken.push({ service: name, message: Object(parsed.data) })
        return response.writeHead(yes[0]).end(yes[1])
      })
    },
    { path: '' },
  )
  return { ...running, taken, refused }
}
