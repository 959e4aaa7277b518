import type { HttpResponse, Refusal } from '@upkeep/contract/ports'
import { isRecord } from '../is-record.ts'

/** The JSON object of a successful answer; null for anything else. */
export function recordIn(answer: HttpResponse | Refusal): Readonly<Record<string, unknown>> | null {
  if (answer.state !== 'answered' || answer.status !== 200 || answer.truncated) return null
  try {
    const document: unknown = JSON.parse(answer.body)
    return isRecord(document) ? document : null
  } catch {
    return null
  }
}

/** The texts of a list, bounded; none for what is no list. */
export function textsIn(value: unknown): string[] {
  const items: unknown[] = Array.isArray(value) ? value.slice(0, 20) : []
  return items.filter((item) => typeof item === 'string').map((item) => item.slice(0, 500).toWellFormed())
}
