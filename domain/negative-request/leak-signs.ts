import { knownTokenKind } from '../redaction/secret-kinds.ts'

/** What an error should not tell a stranger, by the marks that it leaves in a text. All linear: one class, then a bound. */
const signs: readonly { what: string; mark: RegExp }[] = [
  { what: 'a stack trace', mark: /Traceback \(most recent call last\)|File "[^"\n]{1,300}", line \d/ },
  { what: 'a stack trace', mark: /\bat [a-z][\w.$]{1,200}\([\w$]{1,100}\.(?:java|kt|scala):\d{1,6}\)/ },
  { what: 'a stack trace', mark: /goroutine \d{1,6} \[|\bpanicked at |\bin [^\n<>]{1,200}\.(?:cs|php):line \d/ },
  {
    what: 'a path of its machine',
    mark: /(?:^|[\s"'(=:>])(?:file:\/\/)?\/(?:home|Users|root|usr|opt|srv|var|app|workspace|tmp)\/[\w.@-]{1,100}\/[\w.@-]/,
  },
  { what: 'a path of its machine', mark: /\b[A-Z]:\\{1,2}(?:Users|Windows|inetpub|app|src)\\/i },
  { what: 'a path of its machine', mark: /\bnode_modules[\\/][\w@.-]{1,100}[\\/]/ },
  { what: 'a query of its database', mark: /\b(?:SQLSTATE\[|syntax error at or near "|ORA-\d{5}|SQLITE_ERROR)/ },
]
const looked = 60_000
/** A frame of JavaScript: a line that begins with `at` and ends in line and column. Each looked for on its own, since both are common. */
const frameStart = /^\s{0,40}at\s/
const frameEnd = /:\d{1,7}:\d{1,7}\)?["'}\]\s]{0,10}$/

/** What the text of an answer gives away, in words and never quoted. Empty for nothing. */
export function leaksIn(body: string): string[] {
  // Traces inside JSON have their line ends written out.
  const text = body
    .slice(0, looked)
    .replaceAll('\\n', '\n')
    .replaceAll('&nbsp;', ' ')
    .replaceAll(/<br\s{0,3}\/?>/g, '\n')
  const lines = text.split('\n').map((line) => line.slice(0, 2_000))
  const framed = lines.some((line) => frameStart.test(line) && frameEnd.test(line))
  const found = signs.flatMap(({ what, mark }) => (mark.test(text) ? [what] : []))
  if (framed) found.unshift('a stack trace')
  const kind = knownTokenKind(text)
  return [...new Set(kind === null ? found : [...found, `a secret (${kind})`])]
}
