import { createHash } from 'node:crypto'
import { type Prepared, prepared } from './pages.ts'

/** An answer as it was worked out, for as long as the state that it was drawn from stands. */
export interface Kept {
  readonly output: Readonly<Record<string, unknown>>
  /** Of an answer with a list that is handed out in pages. */
  readonly list: Prepared | null
  /** JSON of everything beside the list, up to its closing brace: the same in every page. */
  readonly rest: string | null
  readonly outcome: 'findings' | 'not-evaluated' | null
  /** What was sent of it, by what was asked for: the same part is not written out again. */
  readonly sent: Map<string, Sent>
}

/** An answer as it goes out, with its tag. */
export interface Sent {
  readonly body: string
  readonly tag: string
}

const mostSent = 30

/** What goes out for a part of an answer: written once. */
export function sentOnce({ sent }: Kept, part: string, write: () => string): Sent {
  const known = sent.get(part)
  if (known !== undefined) return known
  const body = write()
  const made = { body, tag: createHash('sha256').update(body).digest('base64url').slice(0, 22) }
  const oldest = sent.keys().next()
  if (sent.size >= mostSent && oldest.done === false) sent.delete(oldest.value)
  // Whole reports are large and rarely asked for twice.
  if (body.length <= longestSent) sent.set(part, made)
  return made
}

const longestSent = 1_000_000

const mostAnswers = 40

/** Answers by question, all of one version of the state: another version and all of them are gone. */
export interface AnswerCache {
  get(version: string, question: string): Promise<Kept> | null
  keep(version: string, question: string, answer: Promise<Kept>): void
  forget(): void
}

export function answerCache(): AnswerCache {
  let current = ''
  const answers = new Map<string, Promise<Kept>>()
  return {
    get: (version, question) => (version === current ? (answers.get(question) ?? null) : null),
    keep(version, question, answer) {
      if (version !== current) answers.clear()
      current = version
      const oldest = answers.keys().next()
      if (answers.size >= mostAnswers && oldest.done === false) answers.delete(oldest.value)
      answers.set(question, answer)
      // What failed is asked again; the caller sees the failure itself.
      answer.catch(() => {
        if (answers.get(question) === answer) answers.delete(question)
      })
    },
    forget: () => answers.clear(),
  }
}

/** An answer made ready to be kept. */
export function toKeep(
  output: Readonly<Record<string, unknown>>,
  pages: string | undefined,
  outcome: Kept['outcome'],
): Kept {
  const rows = pages === undefined ? null : output[pages]
  if (!Array.isArray(rows) || pages === undefined) return { output, list: null, rest: null, outcome, sent: new Map() }
  const { [pages]: _, ...rest } = output
  const text = JSON.stringify(rest).slice(0, -1)
  return { output, list: prepared(rows), rest: text === '{' ? text : `${text},`, outcome, sent: new Map() }
}
