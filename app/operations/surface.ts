import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ToolSurface, UserError } from '@upkeep/contract'
import { printable } from '@upkeep/domain/printable'
import { compareSurfaces } from '@upkeep/domain/tool-surface/compare-surfaces'
import { introducedBy } from '@upkeep/domain/tool-surface/introduced'
import { fingerprintOf } from '@upkeep/domain/tool-surface/meaning'
import { counted } from '@upkeep/engine/report/paint'
import { layRows, type Row } from '@upkeep/engine/report/rows'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { captured } from './captured-server.ts'
import type { Context } from './context.ts'
import { defineOperation } from './operation.ts'

const Change = z.strictObject({
  kind: z.string(),
  of: z.string().nullable(),
  path: z.string(),
  was: z.string(),
  is: z.string(),
})
const Output = z.strictObject({
  server: z.string(),
  fingerprint: z.string(),
  tools: z.array(z.string()).nullable(),
  /** What it was held against; null where it was only listed. */
  against: z.string().nullable(),
  changes: z.array(Change),
  introduced: z.array(z.strictObject({ kind: z.string(), where: z.string(), says: z.string() })),
})
type Output = z.infer<typeof Output>
const maxBytes = 16 << 20

/** What a server offers, and how that differs from another listing of it. */
export const surface = defineOperation({
  id: 'surface',
  summary: 'show what a server offers, or what changed since another listing',
  effect: 'write',
  role: 'operator',
  input: z.strictObject({
    server: z.string().describe('A server that was let be run with "accept --run"'),
    against: z.string().min(1).optional().meta({
      description: 'A listing kept with --save, or another server, such as the same in another version',
      valueName: 'file or server',
      local: true,
    }),
    save: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'Keep the listing in this file', valueName: 'file', local: true }),
  }),
  output: Output,
  cli: {
    verb: 'surface',
    positionals: ['server'],
    listed: 'rest',
    examples: [
      { command: 'upkeep surface fs --save fs.surface.json', says: 'before an update' },
      { command: 'upkeep surface fs --against fs.surface.json', says: 'and after it: by meaning, not by bytes' },
    ],
  },
  async run(context, { server, against, save }) {
    const { surface: now } = await captured(context, server, () => [])
    const was = against === undefined ? null : await listingOf(context, against)
    if (save !== undefined) await keep(resolve(context.machine.cwd, save), now)
    const output: Output = {
      server,
      fingerprint: fingerprintOf(now),
      tools: now.tools?.map(({ name }) => name) ?? null,
      against: against ?? null,
      changes:
        was === null
          ? []
          : compareSurfaces(was, now).map(({ kind, of, path, was, is }) => ({ kind, of, path, was, is })),
      introduced: was === null ? [] : introducedBy(was, now).map(({ kind, where, says }) => ({ kind, where, says })),
    }
    return { output, text: (style) => `${layRows(rows(output), style).join('\n')}\n` }
  },
})

/** A file with a listing, else a server by that name. */
async function listingOf(context: Context, against: string): Promise<ToolSurface> {
  const path = resolve(context.machine.cwd, against)
  if (!existsSync(path)) return (await captured(context, against, () => [])).surface
  const found = listingIn(path)
  if (found !== null) return found
  throw new UserError(
    'bad-input',
    'The file is there and holds no listing.',
    'Keep one with "upkeep surface <server> --save".',
  )
}

function listingIn(path: string): ToolSurface | null {
  try {
    const bytes = readFileSync(path)
    const parsed = bytes.length > maxBytes ? null : ToolSurface.safeParse(JSON.parse(bytes.toString('utf8')))
    return parsed?.success === true ? parsed.data : null
  } catch {
    return null
  }
}

/** What is not a listing of ours is never written over. */
async function keep(path: string, listed: ToolSurface): Promise<void> {
  if (existsSync(path) && listingIn(path) === null)
    throw new UserError('bad-input', 'The file is there and holds no listing.', 'Name another with --save.')
  await writeFileAtomic(path, `${JSON.stringify(listed, null, 2)}\n`, { mode: 0o600 })
}

function rows({ server, fingerprint, tools, against, changes, introduced }: Output): Row[] {
  const shown = (text: string) => printable(text, { maxLength: 200 })
  const head: Row = {
    label: against === null ? 'offers' : changes.length === 0 ? 'same' : 'differs',
    tone: changes.length === 0 ? 'green' : 'yellow',
    name: server,
    lines: [
      tools === null ? 'its tools could not be listed' : counted(tools.length, 'tool'),
      `fingerprint of its meaning ${fingerprint.slice(0, 16)}`,
      ...(against === null ? (tools ?? []).map(shown) : []),
    ],
    command: null,
  }
  const changed = changes.map((one): Row => {
    const lines =
      one.kind === 'tool-renamed' ? [`likely ${shown(one.is)} now`] : [`was ${shown(one.was)}`, `is ${shown(one.is)}`]
    const at = [one.of ?? '', one.path]
      .filter((part) => part !== '')
      .map(shown)
      .join(' · ')
    return { label: one.kind, tone: 'yellow', name: at, lines, command: null }
  })
  const came = introduced.map((one): Row => {
    return {
      label: 'introduces',
      tone: 'red',
      name: shown(one.where),
      lines: [`${one.kind}: ${shown(one.says)}`],
      command: null,
    }
  })
  return [head, ...changed, ...came]
}
