import { open } from 'node:fs/promises'
import type { Refusal } from '@upkeep/contract'
import { refusalFromNetworkError, refuse } from './network-refusal.ts'

/** How long and how much a download may take. */
export interface DownloadBounds {
  /** Without a byte for so long it is given up. */
  idleMs: number
  totalMs: number
  maxBytes: number
}

export const usualBounds: DownloadBounds = { idleMs: 30_000, totalMs: 900_000, maxBytes: 1 << 30 }
const maxRedirects = 5

/**
 * Fetches what lies at an address into a file that does not exist yet. Never goes from https to http; `headers` may hold a credential and
 * are told to the address's own origin alone.
 */
export async function download(
  address: string,
  file: string,
  signal: AbortSignal,
  bounds: DownloadBounds = usualBounds,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ state: 'fetched'; bytes: number } | Refusal> {
  const late = new AbortController()
  const total = setTimeout(() => late.abort(), bounds.totalMs)
  let idle = setTimeout(() => late.abort(), bounds.idleMs)
  function alive(): void {
    clearTimeout(idle)
    idle = setTimeout(() => late.abort(), bounds.idleMs)
  }
  try {
    const answer = await follow(address, AbortSignal.any([signal, late.signal]), headers)
    if (!(answer instanceof Response)) return answer
    return await store(answer, file, bounds.maxBytes, alive)
  } catch (error) {
    signal.throwIfAborted()
    if (late.signal.aborted) return refuse('timed-out', 'no more came within the time allowed')
    return refusalFromNetworkError(error)
  } finally {
    clearTimeout(total)
    clearTimeout(idle)
  }
}

async function follow(
  address: string,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>>,
): Promise<Response | Refusal> {
  let url = URL.canParse(address) ? new URL(address) : null
  const home = url?.origin
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    if (url === null || !/^https?:$/.test(url.protocol)) {
      return refuse('not-supported', 'the address is not an http or https URL')
    }
    const answer = await ask(url, url.origin === home ? headers : {}, signal)
    if (answer.status === 200) return answer
    await answer.body?.cancel()
    const next = leadsTo(answer, url)
    if (!(next instanceof URL) && next !== null) return next
    url = next
  }
  return refuse('unreachable', `it leads on more than ${maxRedirects} times`)
}

/** Where an answer leads on to; null where that is no address. */
function leadsTo(answer: Response, from: URL): URL | null | Refusal {
  const location = answer.headers.get('location')
  if (answer.status < 300 || answer.status >= 400 || location === null) {
    return refuse('unreachable', `it answered with status ${answer.status}`)
  }
  const target = URL.canParse(location, from) ? new URL(location, from) : null
  if (from.protocol === 'https:' && target?.protocol !== 'https:') {
    return refuse('not-supported', 'it leads from https to an address without')
  }
  return target
}

function ask(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
  return fetch(url, { redirect: 'manual', signal, headers: { accept: '*/*', ...headers } })
}

async function store(
  answer: Response,
  file: string,
  maxBytes: number,
  alive: () => void,
): Promise<{ state: 'fetched'; bytes: number } | Refusal> {
  const expected = Number(answer.headers.get('content-length') ?? Number.NaN)
  const packed = answer.headers.has('content-encoding')
  const handle = await open(file, 'wx', 0o600)
  let bytes = 0
  try {
    for await (const piece of answer.body ?? []) {
      alive()
      bytes += piece.length
      if (bytes > maxBytes) return refuse('too-large', `it is larger than ${maxBytes} bytes`)
      await handle.write(piece)
    }
  } finally {
    await handle.close()
  }
  if (!packed && !Number.isNaN(expected) && bytes !== expected) {
    return refuse('unreachable', 'the connection was closed in the middle of the answer')
  }
  return { state: 'fetched', bytes }
}
