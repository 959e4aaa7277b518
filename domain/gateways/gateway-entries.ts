import { z } from 'zod'

const text = z.string().max(100_000)
const texts = z.record(z.string().max(1_000), text)

const Stdio = z.strictObject({
  type: z.literal('stdio'),
  command: text.min(1),
  args: z.array(text).max(1_000),
  env: texts.optional(),
  cwd: text.min(1).optional(),
  timeout: z.number().positive().optional(),
  sessionMode: z.enum(['shared', 'isolated']).default('shared'),
})
const Http = z.strictObject({ type: z.literal('http'), url: text.min(1), headers: texts.default({}) })

/** What a gateway has of one server, as its API takes it and gives it back: secrets and all. It never leaves the call that asked for it. */
export const GatewayEntry = z.discriminatedUnion('type', [Stdio, Http])
export type GatewayEntry = z.infer<typeof GatewayEntry>

/** What the gateway tells of a server beside its entry: how it does just now. */
const momentary: ReadonlySet<string> = new Set([
  'lastActivity',
  'exchangeCount',
  'processState',
  'health',
  'lastHealthCheck',
  'lastCheckTime',
  'lastHealthyTime',
  'lastErrorTime',
  'errorMessage',
  'errorCode',
  'responseTimeMs',
])
const taken = { stdio: new Set(Object.keys(Stdio.shape)), http: new Set(Object.keys(Http.shape)) }

/** The servers of a gateway by name. */
export interface GatewayServers {
  readonly entries: ReadonlyMap<string, GatewayEntry>
  /** Names of those whose entry has no form that is known here. */
  readonly broken: readonly string[]
  /** Keys of an entry that the gateway tells and its API does not take, by server: they could not be given back. */
  readonly besides: ReadonlyMap<string, readonly string[]>
}

const Answer = z.object({ servers: z.array(z.looseObject({ name: z.string().min(1).max(500) })).max(5_000) })

/** Reads what a gateway answers when it is asked for its servers; null where that is no such answer. */
export function readGatewayAnswer(body: string): GatewayServers | null {
  const answer = Answer.safeParse(jsonOf(body))
  if (!answer.success) return null
  const entries = new Map<string, GatewayEntry>()
  const broken: string[] = []
  const besides = new Map<string, string[]>()
  for (const { name, ...told } of answer.data.servers) {
    const known = told.type === 'stdio' ? taken.stdio : taken.http
    const kept = Object.entries(told).filter(([key, value]) => known.has(key) && value !== null)
    const parsed = GatewayEntry.safeParse(Object.fromEntries(kept))
    if (!parsed.success || entries.has(name)) broken.push(name)
    else entries.set(name, parsed.data)
    const more = Object.keys(told).filter((key) => !known.has(key) && !momentary.has(key))
    if (more.length > 0) besides.set(name, more.slice(0, 20))
  }
  return { entries, broken, besides }
}

/** The servers of a gateway as one text, in the form of a client's file: sorted, so that the same servers give the same text. */
export function documentOf({ entries, broken }: Pick<GatewayServers, 'entries' | 'broken'>): string {
  const all = [...entries, ...broken.filter((name) => !entries.has(name)).map((name) => [name, null] as const)]
  const sorted = all.sort(([a], [b]) => (a < b ? -1 : 1))
  return `${JSON.stringify({ mcpServers: Object.fromEntries(sorted) }, null, 2)}\n`
}

const Document = z.strictObject({ mcpServers: z.record(z.string(), GatewayEntry.nullable()) })

/** The entries of such a text, as the gateway would tell them; null where one has a form that its API does not take. */
export function entriesIn(text: string): ReadonlyMap<string, GatewayEntry> | null {
  const parsed = Document.safeParse(jsonOf(text))
  if (!parsed.success) return null
  const all = Object.entries(parsed.data.mcpServers)
  return new Map(all.flatMap(([name, entry]) => (entry === null ? [] : [[name, entry] as const])))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
