import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'

/** Where answers are kept, in the state folder. */
export const answersFile = 'inbox.json'

/** What was put off or declined. It hides a question from the inbox, never a finding from a report. */
const Answers = z.record(
  z.string(),
  z.strictObject({ answer: z.enum(['no', 'later']), until: z.string().nullable(), by: z.string(), at: z.string() }),
)
export type Answers = z.infer<typeof Answers>

/** The answers so far. A file that is not ours counts as none: then every question is asked again. */
export function readAnswers(stateDir: string): Answers {
  try {
    const parsed = Answers.safeParse(JSON.parse(readFileSync(join(stateDir, answersFile), 'utf8')))
    return parsed.success ? parsed.data : {}
  } catch {
    return {}
  }
}

/** Adds one answer; those to questions that no longer exist are dropped. */
export async function keepAnswer(
  stateDir: string,
  open: readonly string[],
  id: string,
  answer: Answers[string],
): Promise<void> {
  const kept = Object.entries(readAnswers(stateDir)).filter(([key]) => open.includes(key))
  const answers: Answers = { ...Object.fromEntries(kept), [id]: answer }
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  await writeFileAtomic(join(stateDir, answersFile), `${JSON.stringify(answers, null, 2)}\n`, { mode: 0o600 })
}

/** Whether a question is hidden now. */
export function isAnswered(answers: Answers, id: string, at: string): boolean {
  const answer = Object.hasOwn(answers, id) ? answers[id] : undefined
  return answer !== undefined && (answer.until === null || answer.until > at)
}
