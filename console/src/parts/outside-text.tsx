import type { ReactNode } from 'react'

// Signs that a reader does not see, or that turn the order of others round: Unicode categories Cc, Cf, Zl, Zp, and tag characters.
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{E0000}-\u{E007F}]/gu
const usual = 4_000

/** Text from elsewhere, with hidden signs made visible. It is never markup. */
function visible(text: string, longest = usual): ReactNode[] {
  const shown = text.slice(0, longest)
  const parts: ReactNode[] = []
  let from = 0
  for (const match of shown.matchAll(hidden)) {
    if (match[0] === '\n') continue
    parts.push(shown.slice(from, match.index))
    const code = match[0].codePointAt(0) ?? 0
    parts.push(
      <span
        key={match.index}
        className="hidden-sign"
      >{`⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`}</span>,
    )
    from = match.index + match[0].length
  }
  parts.push(shown.slice(from))
  if (text.length > longest) parts.push(<em key="cut"> … {text.length - longest} more characters are not shown</em>)
  return parts
}

/** A block of text from elsewhere, set apart from our own words. */
export function Outside({ children, longest }: { children: string; longest?: number }) {
  return <pre className="outside">{visible(children, longest)}</pre>
}

/** Text from elsewhere inside a line. */
export function Inline({ children }: { children: string }) {
  return <bdi>{visible(children)}</bdi>
}
