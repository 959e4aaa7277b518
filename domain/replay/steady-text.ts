const maxLength = 7_000

/** What changes from run to run though nothing changed; the narrower shapes first. Each is linear. */
const volatile: readonly [shape: RegExp, name: string][] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '(uuid)'],
  [/\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?/g, '(time)'],
  [
    /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:\d{1,2} )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b[^\n]{0,60}?\d{2}:\d{2}:\d{2}(?: GMT[+-]\d{4}(?: \([^)\n]{0,40}\))?)?/g,
    '(time)',
  ],
  [/\b1[5-9]\d{8}(?:\d{3})?\b/g, '(time)'],
  [/\b\d{1,9}(?:\.\d{1,9})? ?(?:ms|milliseconds|seconds|µs|s)\b/g, '(duration)'],
  [/(?:\/private)?\/(?:tmp|var\/folders|var\/tmp)\/[^\s"'`,;:)\]}]{1,300}/g, '(temporary path)'],
  [/\b(?:127\.0\.0\.1|localhost|\[::1\]):\d{2,5}\b/g, '(local address)'],
  [/\bpid[ :=]{1,3}\d{1,8}\b/gi, '(process)'],
]

/** A text of an answer without what changes from run to run, and bounded. Nothing else is taken out. */
export function steadyText(text: string): string {
  const head = text.slice(0, maxLength * 2).toWellFormed()
  const steady = volatile.reduce((kept, [shape, name]) => kept.replace(shape, name), head)
  if (steady.length <= maxLength && head.length === text.length) return steady
  return `${steady.slice(0, maxLength).toWellFormed()} [cut: ${text.length} characters]`
}
