const minLength = 16
const minDifferent = 12

/**
 * Why session ids that were handed out one after the other can be guessed; null where nothing shows it. What four ids cannot show, such
 * as a weak generator, is not found.
 */
export function weaknessOfSessions(ids: readonly string[]): string | null {
  if (ids.some((id) => !/^[\x21-\x7e]+$/.test(id))) return 'they hold characters other than visible ASCII'
  if (new Set(ids).size < ids.length) return 'the same one is handed out twice'
  const shortest = Math.min(...ids.map((id) => id.length))
  if (shortest < minLength) return `they have ${shortest} characters`
  const parts = differing(ids)
  const longest = Math.max(...parts.map((part) => part.length))
  if (counts(parts)) return 'they count up'
  return longest < minDifferent ? `only ${longest} of their characters differ` : null
}

/** What is left of each once the beginning and the end that all share are taken away. */
function differing(ids: readonly string[]): string[] {
  const [first = '', ...others] = ids
  const shortest = Math.min(...ids.map((id) => id.length))
  let start = 0
  while (start < shortest && others.every((id) => id[start] === first[start])) start += 1
  let end = 0
  while (end < shortest - start && others.every((id) => id.at(-1 - end) === first.at(-1 - end))) end += 1
  return ids.map((id) => id.slice(start, id.length - end))
}

/** Numbers that rise by little from one to the next, such as counters and times. */
function counts(parts: readonly string[]): boolean {
  if (!parts.every((part) => /^[0-9a-f]{1,15}$/i.test(part))) return false
  const base = parts.every((part) => /^\d+$/.test(part)) ? 10 : 16
  const numbers = parts.map((part) => Number.parseInt(part, base))
  return numbers.every(
    (number, at) => at === 0 || (number > (numbers[at - 1] ?? 0) && number - (numbers[at - 1] ?? 0) < 100_000),
  )
}
