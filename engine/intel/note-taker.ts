import { type AdvisoryRow, advisoryRow } from './advisory-row.ts'
import type { FeedSink } from './feed-sink.ts'

/** Where notes are written: as a sink, but that an advisory comes as the texts that are kept of it. */
export interface NoteSink extends Omit<FeedSink, 'advisory'> {
  row(row: AdvisoryRow): void
}

/** One thing that a document told: the call of a sink and what goes with it, which can be handed from thread to thread. */
export type Note = { [Call in keyof NoteSink]: [Call, ...Parameters<NoteSink[Call]>] }[keyof NoteSink]

/** A sink that keeps, in order, what it is told. */
export function noteTaker(notes: Note[]): FeedSink {
  return {
    advisory: (one) => notes.push(['row', advisoryRow(one)]),
    statement: (...told) => notes.push(['statement', ...told]),
    signal: (...told) => notes.push(['signal', ...told]),
    indicator: (...told) => notes.push(['indicator', ...told]),
    reject: (...told) => notes.push(['reject', ...told]),
    quarantine: (...told) => notes.push(['quarantine', ...told]),
    dated: (...told) => notes.push(['dated', ...told]),
    problem: (...told) => notes.push(['problem', ...told]),
  }
}

/** Tells a sink what was noted, in the same order. */
export function tellNotes(notes: readonly Note[], sink: NoteSink): void {
  for (const note of notes) tell(note, sink)
}

function tell(note: Note, sink: NoteSink): void {
  switch (note[0]) {
    case 'row':
      sink.row(note[1])
      break
    case 'statement':
      sink.statement(note[1], note[2])
      break
    case 'signal':
      sink.signal(note[1], note[2])
      break
    case 'indicator':
      sink.indicator(note[1])
      break
    case 'reject':
      sink.reject(note[1], note[2])
      break
    case 'quarantine':
      sink.quarantine(note[1], note[2], note[3])
      break
    case 'dated':
      sink.dated(note[1])
      break
    case 'problem':
      sink.problem(note[1])
      break
  }
}
