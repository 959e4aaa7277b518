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
