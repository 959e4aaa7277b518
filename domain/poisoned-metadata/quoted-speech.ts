const mentions =
  /\b(?:such as|like|e\.g|for example|example|detects?|flags?|attack(?:er|ers|s)?|phrases?|texts?|words|patterns?|hides?|blocks?|filters?|says|saying|injections?|payloads?|malicious|strings?)\b/i
const reported =
  /\b(?:attack(?:er|ers|s|ed)?(?![.@])|adversar(?:y|ies|ial)|malicious|inject(?:s|ed|ion|ions|ing)?|poison(?:ed|ing|s)?|instruct(?:s|ed|ing)|trick(?:s|ed|ing)?|manipulat(?:e|es|ed|ing)|attempts?|could|might|compromised|threat|vulnerab(?:le|ility|ilities)|exploit(?:s|ed|ing)?|prevent(?:s|ing)?|detect(?:s|ion|ing)?|hidden instructions|e\.g|such as)\b/i
const quotes: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ['\u201c', '\u201d'],
  ['`', '`'],
  ["'", "'"],
]

/** Whether a place in a text only speaks about words, instead of saying them: quoted after a mention, or reported of someone. */
export function isSpokenAbout(text: string, at: number): boolean {
  const sentenceFrom = Math.max(text.lastIndexOf('. ', at), text.lastIndexOf('\n', at), at - 240, -1) + 1
  const before = text.slice(sentenceFrom, at)
  if (reported.test(before)) return true
  return isInQuotes(text, at) && mentions.test(text.slice(Math.max(0, at - 160), at))
}

function isInQuotes(text: string, at: number): boolean {
  const from = Math.max(0, at - 300)
  const before = text.slice(from, at + 1)
  const after = text.slice(at + 1, at + 400)
  return quotes.some(([open, close]) => {
    const last = before.lastIndexOf(open)
    if (last < 0 || !after.includes(close)) return false
    if (open !== close) return before.lastIndexOf(close) < last
    // The same mark opens and closes: an odd number of them stands before a place inside.
    return before.split(open).length % 2 === 0
  })
}
