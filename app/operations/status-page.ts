import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import { windowOccurrences } from '@upkeep/domain/calendar/window-occurrences'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { touchedServers } from '@upkeep/domain/changes/touched-servers'
import { type ServerState, StatusPageContent, worstState } from '@upkeep/domain/notices/status-page'
import { plain } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import { stampsOf } from '@upkeep/engine/report/words'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { knownChanges } from '../calendar-grounds.ts'
import type { Context } from './context.ts'
import { drawReport } from './draw-report.ts'
import { defineOperation } from './operation.ts'
import { serverState } from './server-state.ts'
import { useOfServers } from './use-of-servers.ts'

type Notice = StatusPageContent['banner'][number]

const aheadMs = 7 * 86_400_000
const maxNotices = 50
const shown = 200

/** Which servers can be used now, for those who use them. */
export const statusPage = defineOperation({
  id: 'status-page',
  summary: 'which servers are under maintenance, degraded, fine as proven or not known: for those who use them',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({
    out: z.string().min(1).optional().meta({
      description: 'Write the page (index.html) and its data (status.json) into this folder, for any web server',
      valueName: 'folder',
      local: true,
    }),
  }),
  output: z.strictObject({ ...StatusPageContent.shape, files: z.array(z.string()) }),
  cli: {
    verb: 'status-page',
    positionals: [],
    listed: 'rest',
    examples: [
      { command: 'upkeep status-page', says: 'what "upkeep serve" shows under /status' },
      { command: 'upkeep status-page --out public', says: 'as files, for any web server' },
    ],
  },
  async run(context, { out }) {
    const content = await statusContent(context)
    const files = out === undefined ? [] : await written(context, out, content)
    return {
      output: { ...content, files },
      text: (style) => {
        const rows = content.servers.slice(0, shown).map(({ name, state }) => ({
          label: words[state],
          tone: tones[state],
          name,
          lines: [],
          command: null,
        }))
        const left = content.servers.length - rows.length
        const lines = [
          ...(rows.length === 0 ? ['No server is known: upkeep scan'] : layRows(rows, style)),
          ...(left > 0 ? [`${left} more: upkeep status-page --json`] : []),
          ...content.banner.map(noticeLine),
          ...files.map((file) => `${plain(style, file, 1_000)} written.`),
        ]
        return `${lines.join('\n')}\n`
      },
      table: { columns: ['server', 'state'], rows: content.servers.map(({ name, state }) => [name, state]) },
    }
  },
})

async function statusContent(context: Context): Promise<StatusPageContent> {
  const { public: isPublic, title, servers: chosen } = context.upkeepFile.statusPage
  const at = context.clock.now()
  const store = await context.existingStore()
  const model = store === null ? null : await drawReport(context)
  const covered = (model?.coverage.servers ?? []).filter(({ subject }) => chosen?.includes(subject.name) !== false)
  const uses = store === null || model === null ? [] : await useOfServers(context, store, model, covered)
  const names = [...new Set([...covered.map(({ subject }) => subject.name), ...(chosen ?? [])])].sort()
  const banner = noticesFor(context, store === null ? [] : await knownChanges(store), new Set(names))
  const byName = Map.groupBy(uses, ({ name }) => name)
  const servers = names.map((name) => ({ name, state: serverState(name, byName.get(name) ?? [], banner, at) }))
  const state = worstState(servers.map((one) => one.state))
  return { title, at, public: isPublic, observedAt: model?.coverage.observedAt ?? null, state, banner, servers }
}

/** What is under way, and what is planned for the next week. Of servers that are not shown nothing is said. */
function noticesFor(
  { upkeepFile, clock }: Context,
  changes: readonly ChangeState[],
  names: ReadonlySet<string>,
): Notice[] {
  const now = clock.now()
  const end = new Date(Date.parse(now) + aheadMs).toISOString()
  const windows = upkeepFile.windows.flatMap((window) =>
    windowOccurrences(window, now, end)
      .slice(0, 1)
      .map(
        ({ from, until }): Notice => ({
          kind: from <= now ? 'maintenance' : 'planned',
          servers: window.servers ?? null,
          from,
          until,
        }),
      ),
  )
  const all = [...changes.flatMap((one) => ofChange(one, end)), ...windows].flatMap((one): Notice[] => {
    const servers = one.servers?.filter((name) => names.has(name)) ?? null
    return servers?.length === 0 ? [] : [{ ...one, servers }]
  })
  const kinds = ['emergency', 'maintenance', 'planned']
  return all
    .sort(
      (one, other) => kinds.indexOf(one.kind) - kinds.indexOf(other.kind) || one.from.localeCompare(other.from, 'en'),
    )
    .slice(0, maxNotices)
}

function ofChange({ phase, plan, emergency, window, proposedAt, lastAt }: ChangeState, end: string): Notice[] {
  if (phase === 'closed') return []
  const affected = emergency?.affected.flatMap(({ name, until }) => (until === null ? [name] : [])) ?? []
  const servers = [...new Set([...touchedServers(plan), ...affected])].sort()
  if (emergency !== null)
    return emergency.rehearsal ? [] : [{ kind: 'emergency', servers, from: proposedAt, until: null }]
  if (phase === 'applying' || phase === 'undoing') return [{ kind: 'maintenance', servers, from: lastAt, until: null }]
  if (phase !== 'proposed' || window === null || window.from >= end) return []
  return [{ kind: 'planned', servers, from: window.from, until: window.until }]
}

async function written(
  { machine, practice, clock }: Context,
  out: string,
  content: StatusPageContent,
): Promise<string[]> {
  const { statusHtml } = await import('@upkeep/engine/report/html/status-page')
  const folder = resolve(machine.cwd, out)
  const { public: _, ...data } = content
  const stamps = stampsOf({ practice, simulatedClock: clock.kind === 'simulated' })
  const files = [
    { path: join(folder, 'index.html'), text: statusHtml(content, stamps) },
    {
      path: join(folder, 'status.json'),
      text: `${JSON.stringify(stamps.length === 0 ? data : { ...data, stamps })}\n`,
    },
  ]
  try {
    await mkdir(folder, { recursive: true })
    for (const { path, text } of files) await writeFileAtomic(path, text, { mode: 0o644 })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'not writable'
    throw new UserError('bad-input', `That folder cannot be written (${code}).`, 'Name a folder you can write.')
  }
  return files.map(({ path }) => path)
}

const tones = { degraded: 'red', maintenance: 'yellow', fine: 'green', unknown: 'dim' } as const
const words: Record<ServerState, string> = {
  degraded: 'degraded',
  maintenance: 'maintenance',
  fine: 'fine',
  unknown: 'not known',
}

function noticeLine({ kind, servers, from, until }: Notice): string {
  const who = servers === null ? 'every server' : servers.join(', ')
  const what = { emergency: 'Emergency', maintenance: 'Maintenance now', planned: 'Planned maintenance' }[kind]
  return `${what}: ${who}, from ${from}${until === null ? '' : ` until ${until}`}`
}
