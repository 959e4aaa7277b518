import type { AnswersPort } from '@upkeep/contract/ports'
import type { Asker } from './ask-bounded.ts'
import { readDocument } from './attestation-document.ts'

/** The attestations of one version, or why they could not be had. */
export type Attestations = { predicateType: string; bundle: unknown }[] | string

interface AttestationQuestion {
  url: string
  at: string
  answers: AnswersPort
  /** Null where nobody may be asked. */
  asker: Asker | null
}

const maxAnswerBytes = 2 << 20

/**
 * The attestations of one version. They stay what they are once a version is published, so those that were had once are not asked for again.
 * Asked at the registry in use and nowhere else, whatever address an answer names.
 */
export async function askAttestations(
  { name, version }: { name: string; version: string },
  { url, at, answers, asker }: AttestationQuestion,
): Promise<Attestations> {
  const place = `${url.replace(/\/$/, '')}/-/npm/v1/attestations/${name.replace('/', '%2f')}@${encodeURIComponent(version)}`
  const kept = answers.recall(`attestations 1 ${place}`)
  const before = kept === null ? null : readDocument(parse(kept.text))
  if (before !== null) return before
  if (asker === null) return 'not kept from an earlier round, and the registry is asked only with --online'
  const answer = await asker.ask(place, { maxBytes: maxAnswerBytes, etag: null })
  if (answer.state === 'unavailable') return answer.reason
  if (answer.status !== 200) return `the registry answered ${answer.status}`
  if (answer.truncated) return `the answer is larger than ${maxAnswerBytes} bytes`
  const document = readDocument(parse(answer.body))
  if (document === null) return 'the answer holds no attestations'
  answers.keep(`attestations 1 ${place}`, { etag: null, at, text: answer.body })
  return document
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
