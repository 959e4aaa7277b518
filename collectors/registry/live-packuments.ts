import type { AnswersPort, HttpResponse, KeptAnswer } from '@upkeep/contract/ports'
import type { Asker } from './ask-bounded.ts'
import { cutPackument, StatedPackument } from './packument.ts'

/** What is known of one package: the registry's answer, and since when where it was not asked just now. `null`: it does not have it. */
export type Asked =
  | { state: 'answered'; packument: StatedPackument | null; keptSince: string | null }
  | { state: 'failed'; reason: string }

/** The registry in use, and what it answered before. */
export interface RegistryInUse {
  url: string
  answers: AnswersPort
  at: string
}

const maxAnswerBytes = 64 << 20
const packageName = /^(@[a-z0-9~][a-z0-9~._-]*\/)?[a-z0-9~_-][a-z0-9~._-]*$/i
/** Part of what an answer is kept under: it changes with the form in which it is kept. */
const form = 'packument 1'
const keptForDays = 30
const dayMs = 86_400_000

/** Asks the registry about one package. Where the registry cannot be had, its earlier answer stands in, with its day. */
export async function askPackument(name: string, registry: RegistryInUse, asker: Asker): Promise<Asked> {
  const url = `${registry.url.replace(/\/$/, '')}/${name.replace('/', '%2f')}`
  const kept = registry.answers.recall(`${form} ${url}`)
  const answer = await asker.ask(url, { maxBytes: maxAnswerBytes, etag: kept?.etag ?? null })
  if (answer.state === 'unavailable') return keptInstead(kept, name, registry.at) ?? failed(answer.reason)
  if (answer.status === 304 && kept !== null) return stillHolds(kept, name, url, registry)
  if (answer.status === 404) return { state: 'answered', packument: null, keptSince: null }
  const packument = readAnswer(name, answer)
  if (typeof packument === 'string') return keptInstead(kept, name, registry.at) ?? failed(packument)
  keep(url, { etag: answer.headers.etag ?? null, at: registry.at, text: JSON.stringify(packument) }, registry)
  return { state: 'answered', packument, keptSince: null }
}

/** The registry's earlier answer, where nobody may be asked. */
export function recallPackument(name: string, registry: RegistryInUse): Asked {
  const url = `${registry.url.replace(/\/$/, '')}/${name.replace('/', '%2f')}`
  const kept = registry.answers.recall(`${form} ${url}`)
  return (
    keptInstead(kept, name, registry.at) ??
    failed('it is not among the imported packuments, and no answer of the registry is kept')
  )
}

/** Names come from configurations: what is not a package name is never asked for. */
export function isPackageName(name: string): boolean {
  return name.length <= 214 && packageName.test(name)
}

function keptInstead(kept: KeptAnswer | null, name: string, at: string): Asked | null {
  if (kept === null || Date.parse(at) - Date.parse(kept.at) > keptForDays * dayMs) return null
  const packument = readKept(kept, name)
  return packument === null ? null : { state: 'answered', packument, keptSince: kept.at }
}

function stillHolds(kept: KeptAnswer, name: string, url: string, registry: RegistryInUse): Asked {
  const packument = readKept(kept, name)
  if (packument === null) return failed('the answer that was kept cannot be read')
  // The day is all that is said of it, so one writing a day is enough.
  if (kept.at.slice(0, 10) !== registry.at.slice(0, 10)) keep(url, { ...kept, at: registry.at }, registry)
  return { state: 'answered', packument, keptSince: null }
}

function keep(url: string, answer: KeptAnswer, { answers }: RegistryInUse): void {
  answers.keep(`${form} ${url}`, answer)
}

function readKept({ text }: KeptAnswer, name: string): StatedPackument | null {
  const { data } = StatedPackument.safeParse(parse(text))
  return data?.name === name ? data : null
}

/** Only 404 says that a package is not there; every other refusal says that we could not look. */
function readAnswer(name: string, answer: HttpResponse): StatedPackument | string {
  if (answer.status !== 200) return `the registry answered ${answer.status}`
  if (answer.truncated) return `the answer is larger than ${maxAnswerBytes} bytes`
  const packument = cutPackument(parse(answer.body))
  if (typeof packument === 'string') return `the answer cannot be used: ${packument}`
  return packument.name === name ? packument : 'the answer is about another package'
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

function failed(reason: string): Asked {
  return { state: 'failed', reason }
}
