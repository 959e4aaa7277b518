import { canonicalJson } from '../canonical-json.ts'
import { printable } from '../printable.ts'

/** Whether a schema accepts more than before, less, or something else. */
export type Direction = 'widened' | 'narrowed' | 'changed'

export type ChangeKind =
  | `${'tool' | 'prompt' | 'resource' | 'template'}-${'added' | 'removed'}`
  | `${'input' | 'output'}-${Direction}`
  | 'tool-renamed'
  | 'title-changed'
  | 'description-changed'
  | 'instructions-changed'
  | 'hint-changed'
  | 'task-support-changed'
  | 'annotation-changed'
  | 'prompt-changed'
  | 'resource-changed'
  | 'template-changed'
  | 'list-unknown'

/** One change of meaning between two surfaces, in words that may be shown: hidden characters stand as marks. */
export interface SurfaceChange {
  kind: ChangeKind
  /** The tool, or the name or address of the prompt or resource; null for the server as a whole. */
  of: string | null
  /** Where in it: `input.path.enum`. Empty for the whole. */
  path: string
  was: string
  is: string
}

/** What stands where there is nothing. */
export const nothing = 'nothing'
const shownAtMost = 400

/** A value of a surface as a person may see it. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return nothing
  const text = typeof value === 'string' ? value : canonicalJson(value)
  return printable(text, { maxLength: shownAtMost })
}
