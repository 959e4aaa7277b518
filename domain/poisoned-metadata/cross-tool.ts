const lead = /\b(?:when|whenever|after|before|if|every time)\b/i
const bends =
  /\b(?:change|override|overrides|replace|modify|redirect|rewrite|ignore|set its|call this tool|use this tool|call this first|always call|always use)\b/i

/**
 * Where a tool's text bends the use of another tool of the same server: "whenever send is called, change …", "instead of read always use
 * this". Saying which tool comes next, or is meant instead, is how tools are described.
 */
export function crossToolReferences(text: string, others: readonly string[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  for (const name of others.slice(0, 500)) {
    if (name.length < 4) continue
    for (let at = text.indexOf(name); at !== -1 && found.length < 50; at = text.indexOf(name, at + name.length)) {
      if (!isWhole(text, at, name)) continue
      const span = sentenceAround(text, at)
      if (bendsUse(text.slice(span.from, at), text.slice(at + name.length, span.to))) found.push(span)
    }
  }
  return found
}

const identifier = /\b[a-z]{2,30}(?:_[a-z]{2,30}){1,4}\b/g
const isCalled = /^\S{0,2}(?:\s+\S{1,20}){0,4}\s+(?:is|are|gets?) (?:called|invoked)\b/i
const bendsForeign =
  /\b(?:change|override|replace|modify|redirect|rewrite|ignore|send a copy|also send|also call|forward|append)\b/i

/** The same for a tool that this server does not list: a name that is called, and what is to be bent then. */
export function foreignToolReferences(text: string, own: readonly string[]): { from: number; to: number }[] {
  const names = [...text.matchAll(identifier)].filter((match) => !own.includes(match[0])).slice(0, 200)
  return names.flatMap((match) => {
    const span = sentenceAround(text, match.index)
    const after = text.slice(match.index + match[0].length, span.to)
    const bent = lead.test(text.slice(span.from, match.index)) && isCalled.test(after) && bendsForeign.test(after)
    return bent ? [span] : []
  })
}

function isWhole(text: string, at: number, name: string): boolean {
  const around = (text[at - 1] ?? ' ') + (text[at + name.length] ?? ' ')
  return !/[A-Za-z0-9_-]/.test(around)
}

function sentenceAround(text: string, at: number): { from: number; to: number } {
  const from = Math.max(text.lastIndexOf('. ', at), text.lastIndexOf('\n', at), at - 200, -1) + 1
  const ends = [text.indexOf('. ', at), text.indexOf('\n', at)].filter((end) => end >= 0)
  return { from, to: Math.min(...ends, text.length, at + 240) }
}

function bendsUse(before: string, after: string): boolean {
  if (/\binstead of\s+\S{0,3}$/i.test(before)) return /\balways\b/i.test(after) || /\balways\b/i.test(before)
  return lead.test(before) && bends.test(after)
}
