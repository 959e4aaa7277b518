import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import { UpkeepFile } from '@upkeep/contract/upkeep-file'
import { plain } from '@upkeep/engine/report/paint'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { defineOperation } from './operation.ts'
import { upkeepFileTemplate } from './upkeep-file-template.ts'

/** Writes a configuration file to begin with. */
export const init = defineOperation({
  id: 'init',
  summary: 'write a commented upkeep.yaml; it is optional',
  effect: 'write',
  role: 'operator',
  at: 'terminal',
  input: z.strictObject({
    file: z.string().min(1).default('upkeep.yaml').describe('The file to write; it must not exist'),
  }),
  output: z.strictObject({ file: z.string(), schema: z.string() }),
  cli: {
    verb: 'init',
    positionals: ['file'],
    listed: 'rest',
    examples: [{ command: 'upkeep init', says: './upkeep.yaml, everything in it commented out' }],
  },
  async run(context, { file }) {
    const path = resolve(context.machine.cwd, file)
    const schema = join(context.stateDir, 'upkeep-file.schema.json')
    await writeNew(path, upkeepFileTemplate(schema, context.duties))
    await mkdir(context.stateDir, { recursive: true, mode: 0o700 })
    const jsonSchema = z.toJSONSchema(UpkeepFile, { io: 'input' })
    await writeFileAtomic(schema, `${JSON.stringify(jsonSchema, null, 2)}\n`, { mode: 0o600 })
    return {
      output: { file: path, schema },
      text: (style) =>
        `${plain(style, path, 1_000)} written. Everything in it is optional; editors check it by its first line.\n`,
    }
  },
})

/** Writes a file that is not there yet; one that is there is never touched. */
export async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o644 })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'not writable'
    if (code === 'EEXIST')
      throw new UserError(
        'config-exists',
        'That file is there already. It was not touched.',
        'Name another file, or edit that one.',
      )
    throw new UserError(
      'bad-input',
      `The file cannot be written (${code}).`,
      'Name a file in a folder that you can write.',
    )
  }
}
