import type { Call, Finished } from './messages.ts'

/** Answers questions by bytes that go out as they are. */
export type FinishedAnswers = (call: Call, signal: AbortSignal) => Promise<Finished>

/** Where questions are answered: the thread that reads. */
export interface Answerer {
  ask(call: Call, signal: AbortSignal): Promise<Finished>
  /** What an answer that is given now rests on; null where that cannot be said. */
  stand(): Promise<string | null>
}

type Page = Finished & { readonly state: 'answered'; readonly stand: string }

const [mostBytes, longest] = [32_000_000, 1_000_000]

/**
 * Keeps pages that went out, and hands them out again for as long as the thread that reads says that nothing moved: that is asked at each
 * question, so that nothing is answered from an earlier state. Who is asking is part of the question.
 */
export function finishedAnswers({ ask, stand }: Answerer): FinishedAnswers {
  const standNow = shared(stand)
  const pages = new Map<string, Page>()
  let [current, bytes] = ['', 0]

  function keep(question: string, page: Page): void {
    if (page.stand !== current) {
      pages.clear()
      bytes = 0
    }
    current = page.stand
    if (page.bytes.length > longest || pages.has(question)) return
    pages.set(question, page)
    bytes += page.bytes.length
    for (const [oldest, one] of pages) {
      if (bytes <= mostBytes) break
      pages.delete(oldest)
      bytes -= one.bytes.length
    }
  }

  return async (call, signal) => {
    const { operation, input, caller, page } = call
    const question = JSON.stringify([operation, input, caller, page])
    const known = pages.get(question)
    if (known !== undefined && known.stand === (await standNow())) {
      return known.tag === call.known ? { state: 'not-modified', tag: known.tag } : known
    }
    const answer = await ask(call, signal)
    if (answer.state === 'answered' && answer.stand !== null) keep(question, { ...answer, stand: answer.stand })
    return answer
  }
}

/** Who asks while a question is under way is answered by the next one, which begins after they asked: one for all of them. */
function shared<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let running: Promise<Answer> | null = null
  let next: Promise<Answer> | null = null
  function begin(): Promise<Answer> {
    const mine = ask().finally(() => {
      if (running === mine) running = null
    })
    running = mine
    next = null
    return mine
  }
  return () => {
    if (running === null) return begin()
    next ??= running.then(begin, begin)
    return next
  }
}
