/** The data of the first complete event in the text of an event stream that carries any; null when there is none yet. */
export function firstEventData(text: string): string | null {
  let data: string[] = []
  const lines = text.split(/\r\n|\r|\n/)
  // The last piece has no line end after it, so it is not a line yet.
  for (const line of lines.slice(0, -1)) {
    if (line === '') {
      const joined = data.join('\n')
      if (joined !== '') return joined
      data = []
    } else if (line.startsWith('data:')) {
      data.push(line.slice(line.startsWith('data: ') ? 6 : 5))
    }
  }
  return null
}

/** True once the text of an event stream holds a complete event with data. A first event with an id alone does not count. */
export function hasDataEvent(text: string): boolean {
  return firstEventData(text) !== null
}
