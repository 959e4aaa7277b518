import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type Instant, UserError } from '@upkeep/contract'
import { type FleetParts, readFleetParts, type ServerParts } from '@upkeep/engine/report/fleet-parts'
import { plain, type TerminalStyle } from '@upkeep/engine/report/paint'
import { stampsOf } from '@upkeep/engine/report/words'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import type { Context } from './context.ts'
import { requireStore } from './draw-report.ts'

/** What every export for programs takes. */
export const exportInput = {
  server: z.string().optional().describe('Only this server, by name or id; the whole fleet when none is named'),
  out: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Write it to this file instead of showing it', valueName: 'file', local: true }),
}

/** What every export for programs gives back: the text, and where it was written. */
export const ExportOutput = z.strictObject({
  format: z.string(),
  file: z.string().nullable(),
  bytes: z.int(),
  document: z.string().nullable().describe('The document itself; null when it was written to a file'),
})

/** What the fleet is made of, cut to the servers that were asked for. */
export async function askedParts(
  context: Context,
  server: string | undefined,
  notAfter?: Instant,
): Promise<FleetParts & { stamps: readonly string[] }> {
  const parts = await readFleetParts(await requireStore(context), context.duties, notAfter)
  const stamps = stampsOf({
    practice: context.practice || parts.practice,
    simulatedClock: context.clock.kind === 'simulated' || parts.simulatedClock,
  })
  return { ...parts, stamps, servers: namedServers(parts.servers, server) }
}

function namedServers(servers: readonly ServerParts[], name: string | undefined): readonly ServerParts[] {
  if (name === undefined) return servers
  const named = servers.filter(({ subject }) => subject.name === name || subject.id === name)
  if (named.length > 0) return named
  throw new UserError('not-found', 'No server has that name.', 'List them: "upkeep servers".')
}

/** Hands a document over: into a file that its owner alone can read, or as the answer. */
export async function exportAnswer(
  context: Context,
  given: { format: string; text: string; out: string | undefined; stamps: readonly string[] },
) {
  const { format, text, out, stamps } = given
  const bytes = Buffer.byteLength(text)
  const file = out === undefined ? null : resolve(context.machine.cwd, out)
  if (file !== null) {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFileAtomic(file, text, { mode: 0o600 }).catch(unwritable)
  }
  return {
    output: { format, file, bytes, document: file === null ? text : null },
    text: (style: TerminalStyle) =>
      file === null ? text : `${plain(style, file, 1_000)} written: ${format}, ${bytes} bytes.\n`,
    stamps,
  }
}

function unwritable(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'not writable'
  throw new UserError('bad-input', `That file cannot be written (${code}).`, 'Name a file in a folder you can write.')
}
