import type { FeedForm, FeedSink, Indicator, KeptAdvisory, Signal, Statement } from '../feed-sink.ts'
import { readDocument } from '../read-document.ts'

/** Everything that one document came to. */
export interface Recorded {
  form: FeedForm | null
  advisories: KeptAdvisory[]
  statements: (Statement & { names: readonly string[] })[]
  signals: ({ cve: string } & Signal)[]
  indicators: Indicator[]
  rejected: { record: string; reason: string }[]
  quarantined: { record: string; reason: string; until: string | null }[]
  dated: string[]
  problems: string[]
}

/** Reads a document as the index would, and records what it comes to. It is read on 22 November 2026. */
export function recorded(document: unknown, latest = '2026-11-24T09:00:00.000Z'): Recorded {
  const all: Recorded = {
    form: null,
    advisories: [],
    statements: [],
    signals: [],
    indicators: [],
    rejected: [],
    quarantined: [],
    dated: [],
    problems: [],
  }
  const sink: FeedSink = {
    advisory: (one) => all.advisories.push(one),
    statement: (names, one) => all.statements.push({ names, ...one }),
    signal: (cve, one) => all.signals.push({ cve, ...one }),
    indicator: (one) => all.indicators.push(one),
    reject: (record, reason) => all.rejected.push({ record, reason }),
    quarantine: (record, reason, until) => all.quarantined.push({ record, reason, until: until ?? null }),
    dated: (instant) => all.dated.push(instant),
    problem: (reason) => all.problems.push(reason),
  }
  const bytes = Buffer.isBuffer(document) ? document : Buffer.from(asText(document))
  all.form = readDocument(bytes, { name: 'it', latest }, sink)
  return all
}

function asText(document: unknown): string {
  return typeof document === 'string' ? document : JSON.stringify(document)
}
