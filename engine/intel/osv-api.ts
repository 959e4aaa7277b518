import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { HttpPort, IntelCall, Refusal } from '@upkeep/contract'
import { z } from 'zod'
import {
  type FeedRow,
  factsFromPieces,
  factsOfNothing,
  type KeptFeed,
  readFeedRow,
  writeFeedRow,
} from './feed-facts.ts'
import { latestBelieved } from './feed-sink.ts'
import { makeIndex, openIndex } from './index-file.ts'
import { IndexWriter } from './index-writer.ts'
import { keysOf } from './look-up.ts'
import { readDocument } from './read-document.ts'
import { indexPath, type PlacedFeed } from './refresh-feed.ts'

export interface ApiCall extends Pick<IntelCall, 'packages' | 'online' | 'at' | 'signal'> {
  folder: string
  http: HttpPort
}

const timeoutMs = 15_000
const packagesPerQuery = 500
const maxPages = 50
const maxRecords = 20_000
const maxAnswerBytes = 32 << 20
const atOnce = 8
const Id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$/)
const Result = z.object({
  vulns: z
    .array(z.object({ id: Id }))
    .max(10_000)
    .optional(),
  next_page_token: z.string().max(2_000).optional(),
})
const Answer = z.object({ results: z.array(Result).max(packagesPerQuery) })

/** True for a feed that is a service with the questions of osv.dev. Any other address is fetched by `upkeep feeds import`. */
export function isOsvApi(path: string): boolean {
  return /^https?:\/\//.test(path)
}

/** Why the service gave no answer that counts. */
type Failed = Pick<Refusal, 'code' | 'reason'>

/**
 * Asks the service about the packages, only where the network is allowed, and keeps what it answered. Without that, and when it fails,
 * what it answered last is used, with the reason.
 */
export async function refreshFromApi(place: PlacedFeed, call: ApiCall): Promise<DatabaseSync> {
  const path = indexPath(call.folder, place)
  const asked = keysOf(call.packages)
  const failed = call.online ? await askAnew(place, path, asked, call) : notAllowed
  if (failed !== null) await keepEarlier(place, path, asked, failed)
  const opened = openIndex(path, 'read')
  if (opened === null) throw new Error('the index of a feed cannot be opened after it was written')
  return opened
}

const notAllowed: Failed = { code: 'not-consented', reason: 'it is asked only with --online' }

async function askAnew(
  place: PlacedFeed,
  path: string,
  asked: readonly string[],
  call: ApiCall,
): Promise<Failed | null> {
  const ids = await idsAbout(place, call)
  if (!Array.isArray(ids)) return ids
  const records = await recordsOf(place, ids, call)
  if (!Array.isArray(records)) return records
  await makeIndex(path, async (database) => {
    const writer = new IndexWriter(database)
    writer.begin('', '')
    const latest = latestBelieved(call.at)
    for (const { id, body } of records) readDocument(Buffer.from(body), { name: id, latest }, writer)
    writer.dated(`${call.at.slice(0, 10)}T00:00:00Z`)
    const digest = createHash('sha256')
      .update(records.map((one) => one.body).join('\n'))
      .digest('hex')
    writer.end(digest, 'osv')
    writer.closeBlock('')
    writeFeedRow(database, {
      facts: answeredFacts(database, place, digest, call),
      code: null,
      stamp: stampOf(asked),
      ahead: null,
    })
    return true
  })
  return null
}

/** The service holds whole ecosystems: that it names nothing for a package that it was asked about counts. */
function answeredFacts(database: DatabaseSync, place: PlacedFeed, digest: string, { packages }: ApiCall): KeptFeed {
  const about = { id: place.id, source: `service ${new URL(place.path).host}`, digest, mayBeWhole: false, problems: [] }
  const { problem: _none, ...facts } = factsFromPieces(database, about).facts
  const ecosystems = [...new Set(packages.map((one) => one.ecosystem))].sort()
  return { ...facts, form: 'osv', coverage: 'complete', ecosystems }
}

function stampOf(asked: readonly string[]): string {
  return createHash('sha256').update(asked.join('\n')).digest('hex')
}

async function keepEarlier(place: PlacedFeed, path: string, asked: readonly string[], failed: Failed): Promise<void> {
  const database = openIndex(path, 'write')
  const before: FeedRow | null = database === null ? null : readFeedRow(database)
  if (database !== null && before !== null && before.code === null) {
    const problem = `${failed.reason}; what it answered before is used`
    // Packages that it was not asked about then are not covered now.
    const covered = before.stamp === stampOf(asked) ? {} : { coverage: 'selected' as const, ecosystems: [] }
    writeFeedRow(database, { ...before, facts: { ...before.facts, ...covered, problem } })
    database.close()
    return
  }
  database?.close()
  await makeIndex(path, async (made) => {
    writeFeedRow(made, { facts: factsOfNothing(place.id, failed.reason), code: failed.code, stamp: '', ahead: null })
    return true
  })
}

interface Query {
  package: { ecosystem: string; name: string }
  page_token?: string
}

async function idsAbout(place: PlacedFeed, call: ApiCall): Promise<string[] | Failed> {
  const ids = new Set<string>()
  let queries: Query[] = call.packages.map(({ ecosystem, name }) => ({ package: { ecosystem, name } }))
  for (let page = 0; queries.length > 0; page += 1) {
    if (page === maxPages) return { code: 'too-large', reason: `it has more than ${maxPages} pages of answers` }
    const more: Query[] = []
    for (let from = 0; from < queries.length; from += packagesPerQuery) {
      const next = await askBatch(place, queries.slice(from, from + packagesPerQuery), call, ids)
      if (!Array.isArray(next)) return next
      more.push(...next)
    }
    queries = more
  }
  if (ids.size > maxRecords) return { code: 'too-large', reason: `it names more than ${maxRecords} records` }
  return [...ids].sort()
}

/** Asks about a batch of packages, notes the ids named, and returns what has further pages. */
async function askBatch(
  place: PlacedFeed,
  batch: readonly Query[],
  call: ApiCall,
  ids: Set<string>,
): Promise<Query[] | Failed> {
  const body = await ask(place, 'v1/querybatch', call, JSON.stringify({ queries: batch }))
  if (typeof body !== 'string') return body
  const results = resultsOf(body, batch.length)
  if (results === null) return { code: 'malformed', reason: 'its answer is not one to the question' }
  for (const { vulns } of results) for (const { id } of vulns ?? []) ids.add(id)
  return batch.flatMap((query, index) => {
    const page_token = results[index]?.next_page_token
    return page_token === undefined ? [] : [{ ...query, page_token }]
  })
}

function resultsOf(body: string, count: number): z.infer<typeof Result>[] | null {
  try {
    const { results } = Answer.parse(JSON.parse(body))
    return results.length === count ? results : null
  } catch {
    return null
  }
}

async function recordsOf(
  place: PlacedFeed,
  ids: readonly string[],
  call: ApiCall,
): Promise<{ id: string; body: string }[] | Failed> {
  const records: { id: string; body: string }[] = []
  for (let from = 0; from < ids.length; from += atOnce) {
    const batch = ids.slice(from, from + atOnce)
    const bodies = await Promise.all(batch.map((id) => ask(place, `v1/vulns/${encodeURIComponent(id)}`, call)))
    for (const [index, body] of bodies.entries()) {
      if (typeof body !== 'string') return body
      records.push({ id: batch[index] ?? '', body })
    }
  }
  return records
}

async function ask(
  place: PlacedFeed,
  what: string,
  { http, signal }: ApiCall,
  body?: string,
): Promise<string | Failed> {
  if (signal.aborted) return { code: 'timed-out', reason: 'time was up before it had answered' }
  const url = new URL(what, place.path.endsWith('/') ? place.path : `${place.path}/`).href
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const asked = body === undefined ? { method: 'GET' } : { method: 'POST', body }
  const answer = await http.exchange({ url, headers, timeoutMs, maxBytes: maxAnswerBytes, ...asked })
  if (answer.state === 'unavailable') return { code: answer.code, reason: answer.reason }
  if (answer.status !== 200) return { code: 'unreachable', reason: `it answered with status ${answer.status}` }
  return answer.truncated
    ? { code: 'too-large', reason: `an answer is larger than ${maxAnswerBytes} bytes` }
    : answer.body
}
