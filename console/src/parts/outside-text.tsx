import type { ReactNode } from 'react'

// Signs that a reader does not see, or that turn the order of others round: the same as in what the product prints.
const hidden =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu
const usual = 4_000

/** Text from elsewhere, with hidden signs made visible. It is never markup. */
function visible(text: string, longest = usual): ReactNode[] {
  const shown = text.slice(0, longest)
  const parts: ReactNode[] = []
  let from = 0
  for (const match of shown.matchAll(hidden)) {
    if (match[0] === '\n') continue
    parts.push(shown.slice(from, match.index))
    parts.push(
      <span key={match.index} className="hidden-sign">
        {signName(match[0])}
      </span>,
    )
    from = match.index + match[0].length
  }
  parts.push(shown.slice(from))
  if (text.length > longest) parts.push(<em key="cut"> … {text.length - longest} more characters are not shown</em>)
  return parts
}

/** Text from elsewhere for a place that takes text alone, such as a figure: hidden signs as they are called. */
export function visibleText(text: string): string {
  return text.slice(0, usual).replace(hidden, signName)
}

function signName(sign: string): string {
  return `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`
}

/** A block of text from elsewhere, set apart from our own words. */
export function Outside({ children, longest }: { children: string; longest?: number }) {
  return <pre className="outside">{visible(children, longest)}</pre>
}

/** Text from elsewhere inside a line. */
export function Inline({ children }: { children: string }) {
  return <bdi>{visible(children)}</bdi>
}
