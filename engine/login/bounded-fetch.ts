import type { HttpPort } from '@upkeep/contract'
import type { CustomFetchOptions } from 'openid-client'

const bounds = { timeoutMs: 10_000, maxBytes: 262_144 }

/** What the OAuth library fetches with: the engine's own HTTP hands, so that bounds, certificates and "no redirects" hold here too. */
export function boundedFetch(http: HttpPort): (url: string, options: CustomFetchOptions) => Promise<Response> {
  return async (url, { method, headers, body }) => {
    const text = body instanceof URLSearchParams ? body.toString() : typeof body === 'string' ? body : undefined
    const sized = { ...headers }
    if (text !== undefined) sized['content-length'] = String(Buffer.byteLength(text))
    const answer = await http.exchange({
      ...bounds,
      url,
      method,
      headers: sized,
      ...(text === undefined ? {} : { body: text }),
    })
    if (answer.state === 'unavailable') throw new TypeError(answer.reason)
    if (answer.truncated) throw new TypeError('the answer is longer than what is read of it')
    const hasNoBody = [204, 205, 304].includes(answer.status)
    return new Response(hasNoBody ? null : answer.body, { status: answer.status, headers: { ...answer.headers } })
  }
}
