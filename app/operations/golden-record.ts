import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type GoldenCall, GoldenCalls, UserError } from '@upkeep/contract'
import { printable } from '@upkeep/domain/printable'
import { draftCalls } from '@upkeep/domain/replay/draft-calls'
import { recordCalls } from '@upkeep/domain/replay/record-calls'
import { shellWord } from '@upkeep/domain/shell-word'
import { counted } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { captured } from './captured-server.ts'
import type { Context } from './context.ts'
import { defineOperation } from './operation.ts'

const maxBytes = 4 << 20

/** Records what calls come to on the bytes that are there now, so that later ones can be held against it. */
export const goldenRecord = defineOperation({
  id: 'golden-record',
  summary: 'record what calls of a server come to now, in the sandbox',
  effect: 'write',
  role: 'operator',
  at: 'terminal',
  input: z.strictObject({
    server: z.string().describe('A server that was let be run with "accept --run"'),
    out: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'The file; else what upkeep.yaml names', valueName: 'file', local: true }),
  }),
  output: z.strictObject({
    path: z.string(),
    recorded: z.array(z.string()),
    leftOut: z.array(z.strictObject({ id: z.string(), why: z.string() })),
  }),
  cli: {
    verb: 'golden record',
    positionals: ['server'],
    listed: 'rest',
    examples: [
      { command: 'upkeep golden record fs --out fs.golden.json', says: 'one call of each tool, or those in the file' },
    ],
  },
  async run(context, { server, out }) {
    const path = pathOf(context, server, out)
    const known = callsIn(path)
    const drafted: GoldenCall[] = []
    const { surface, replayed } = await captured(context, server, ({ tools }) => {
      drafted.push(...(known ?? draftCalls(tools ?? [])))
      return drafted
    })
    const { calls, leftOut } = recordCalls(drafted, replayed)
    if (calls.length === 0)
      throw new UserError(
        'cannot-run',
        'No call came to anything that could be recorded.',
        'Write the calls down by hand.',
      )
    const called = new Set(calls.map(({ tool }) => tool))
    const tools = (surface.tools ?? []).filter(({ name }) => called.has(name))
    const file = GoldenCalls.parse({ format: 'upkeep-golden-calls/1', server, calls, tools })
    await writeFileAtomic(path, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 })
    const output = { path, recorded: calls.map(({ id }) => id), leftOut }
    return { output, text: (style) => `${layRows(rows(server, output), style).join('\n')}\n` }
  },
})

function pathOf({ upkeepFile, upkeepFilePath, machine }: Context, server: string, out: string | undefined): string {
  if (out !== undefined) return resolve(machine.cwd, out)
  const named = upkeepFile.servers.findLast(({ name, goldenCalls }) => name === server && goldenCalls !== undefined)
  if (named?.goldenCalls === undefined)
    throw new UserError(
      'bad-input',
      'No file is named for its golden calls.',
      'Name one with --out, and as goldenCalls in upkeep.yaml.',
    )
  return resolve(upkeepFilePath === null ? machine.cwd : dirname(upkeepFilePath), named.goldenCalls)
}

/** The calls of a file that is there: they are made, and what they come to is recorded anew. What is not ours is never written over. */
function callsIn(path: string): GoldenCall[] | null {
  if (!existsSync(path)) return null
  const bytes = readFileSync(path)
  const parsed = bytes.length > maxBytes ? null : GoldenCalls.safeParse(jsonOf(bytes.toString('utf8')))
  if (parsed?.success !== true)
    throw new UserError('bad-input', 'The file is there and holds no golden calls.', 'Name another with --out.')
  return parsed.data.calls.map(({ expect: _, ...call }) => call)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function rows(
  server: string,
  { path, recorded, leftOut }: { path: string; recorded: string[]; leftOut: { id: string; why: string }[] },
) {
  const lines = [`${counted(recorded.length, 'call')} in ${printable(join(path), { maxLength: 300 })}`]
  const left = leftOut.map(({ id, why }) => ({
    label: 'left out',
    tone: 'yellow' as const,
    name: printable(id, { maxLength: 60 }),
    lines: [why],
    command: null,
  }))
  return [
    { label: 'recorded', tone: 'green' as const, name: server, lines, command: `upkeep prove ${shellWord(server)}` },
    ...left,
  ]
}
