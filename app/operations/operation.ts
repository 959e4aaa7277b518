import type { Role } from '@upkeep/contract'
import type { CsvValue } from '@upkeep/engine/report/csv'
import type { TerminalStyle } from '@upkeep/engine/report/paint'
import type { z } from 'zod'
import type { Context } from './context.ts'

/** What an operation gives back: data for programs, lines for people, a table where it is a list. */
export interface Answer<Output> {
  output: Output
  text(style: TerminalStyle): string
  table?: { columns: readonly string[]; rows: readonly (readonly CsvValue[])[] }
  /** `findings`: something at or above the asked severity is wrong. `not-evaluated`: something could not be judged. */
  outcome?: 'findings' | 'not-evaluated'
  /** There was nothing to look at: the door may offer the practice fleet. */
  nothingThere?: boolean
  /** What every page and export must carry. */
  stamps?: readonly string[]
}

/** How the command line calls an operation. */
export interface CliShape<Key extends string> {
  /** One word, or two for a part of a family: `baseline accept`. Empty for what `upkeep` alone does. */
  verb: string
  positionals: readonly Key[]
  examples: readonly { command: string; says: string }[]
  /** `front`: in the short help. `rest`: in `help all`. */
  listed: 'front' | 'rest'
  /** Its standard output belongs to a protocol: nothing is printed there beside it. */
  ownsOutput?: true
}

/** One thing that a user can do, defined once; every door is derived from it. Ids are permanent. */
export interface Operation<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  id: string
  summary: string
  effect: 'read' | 'write'
  role: Role
  /** `terminal`: what it reads, writes or asks for lies on the machine of whoever types it, so no other door has it. */
  at?: 'terminal'
  /** What it writes into a file, the door over HTTP hands out as one: by the field that names the file. */
  download?: { field: keyof z.infer<Input> & string; name: string; type: 'application/json' }
  /** What of a writing operation only reads: asked without these words. */
  readsWithout?: readonly (keyof z.infer<Input> & string)[]
  /** It rests on more than the record and the settings, and is cheap: doors ask it anew each time, and keep no answer of it. */
  unkept?: true
  /** The property of the output that is a list: doors hand it out in pages. */
  pages?: keyof z.infer<Output> & string
  input: Input
  output: Output
  cli: CliShape<keyof z.infer<Input> & string>
  /** Whether what is asked is a decision: approving, accepting, consenting, stating. Agents take none. Left out, it never is. */
  decides?(input: z.infer<Input>): boolean
  /** Whether somebody without the role may ask for it to whom a right to approve was delegated. Left out, never. */
  byDelegate?(input: z.infer<Input>): boolean
  run(context: Context, input: z.infer<Input>): Promise<Answer<z.input<Output>>>
}

/** An operation as a door holds it, when it no longer matters which. */
export interface AnyOperation
  extends Omit<Operation, 'run' | 'cli' | 'decides' | 'byDelegate' | 'pages' | 'readsWithout' | 'download'> {
  download?: { field: string; name: string; type: 'application/json' }
  cli: CliShape<string>
  decides?(input: Record<string, unknown>): boolean
  byDelegate?(input: Record<string, unknown>): boolean
  pages?: string
  readsWithout?: readonly string[]
  run(context: Context, input: Record<string, unknown>): Promise<Answer<unknown>>
}

/** Declares an operation. What `run` is given and must return follows from the schemas. */
export function defineOperation<Input extends z.ZodObject, Output extends z.ZodObject>(
  operation: Operation<Input, Output>,
): Operation<Input, Output> {
  return operation
}
