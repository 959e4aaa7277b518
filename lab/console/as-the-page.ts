import type { Page } from 'playwright-core'

/** Asks the API as the open page does: with its cookie and with the key that it keeps. A write with a body, a question without. */
export async function asThePage(
  page: Page,
  path: string,
  body?: unknown,
): Promise<{ status: number; answer: unknown }> {
  return page.evaluate(
    async ([of, text]) => {
      const headers = { 'content-type': 'application/json', 'upkeep-page': localStorage.getItem('upkeep-page') ?? '' }
      const init = text === null ? { headers } : { method: 'POST', headers, body: text }
      const response = await fetch(`/api/v1/${of}`, init)
      return { status: response.status, answer: await response.json() }
    },
    [path, body === undefined ? null : JSON.stringify(body)] as const,
  )
}
