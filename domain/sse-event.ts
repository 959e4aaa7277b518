/** One event of an event stream. `event` is empty where the stream names none. */
export interface StreamEvent {
  event: string
  data: string
}

/** Reads an event stream as it comes in, in pieces cut anywhere. Work is linear in what is fed. */
export class EventReader {
  #pieces: string[] = []
  #afterReturn = false
  #event = ''
  #data: string[] = []

  /** The events with data that this piece completes. */
  feed(text: string): StreamEvent[] {
    const events: StreamEvent[] = []
    // A line feed that belongs to the carriage return at the end of the piece before.
    const rest = this.#afterReturn && text.startsWith('\n') ? text.slice(1) : text
    if (text !== '') this.#afterReturn = text.endsWith('\r')
    const lines = rest.split(/\r\n|\r|\n/)
    const unfinished = lines.pop() ?? ''
    for (const line of lines) {
      const event = this.#take(this.#pieces.join('') + line)
      this.#pieces = []
      if (event !== null) events.push(event)
    }
    if (unfinished !== '') this.#pieces.push(unfinished)
    return events
  }

  #take(line: string): StreamEvent | null {
    if (line.startsWith('data:')) this.#data.push(fieldValue(line, 5))
    else if (line.startsWith('event:')) this.#event = fieldValue(line, 6)
    if (line !== '') return null
    const event = { event: this.#event, data: this.#data.join('\n') }
    this.#event = ''
    this.#data = []
    return event.data === '' ? null : event
  }
}

function fieldValue(line: string, from: number): string {
  return line.slice(line[from] === ' ' ? from + 1 : from)
}

/** The data of the first complete event in the text of an event stream that carries any; null when there is none yet. */
export function firstEventData(text: string): string | null {
  return new EventReader().feed(text)[0]?.data ?? null
}

/** True once the text of an event stream holds a complete event with data. A first event with an id alone does not count. */
export function hasDataEvent(text: string): boolean {
  return firstEventData(text) !== null
}
