import type { SourceLanguage, Statement } from '../syntax.ts'
import { fixedValues } from './fixed-values.ts'
import { type Listing, listingsIn } from './listings.ts'
import { sourceNodes } from './source-nodes.ts'
import { textsOf } from './texts-of.ts'

/** A text that a server lists, as its source has it. `tool` is null for prompts, resources and instructions. */
export interface ListedText {
  line: number
  where: string
  tool: string | null
  text: string
}

/** The texts in a file that its tools, prompts and resources are listed with, and the lines of those that are worked out while it runs. */
export interface ListedTexts {
  texts: readonly ListedText[]
  unread: readonly number[]
}

const bounds = { texts: 2_000, length: 8_192, all: 400_000 }

/** Reads what a server says of itself out of its source: names, titles, descriptions, docstrings, words in schemas, instructions. */
export function listedTexts(body: readonly Statement[], language: SourceLanguage): ListedTexts {
  const nodes = sourceNodes(body)
  const fixed = fixedValues(nodes)
  const texts: ListedText[] = []
  const unread: number[] = []
  let length = 0
  for (const listing of nodes.flatMap((node) => listingsIn(node, language))) {
    const { words, open } = textsOf(listing, fixed)
    if (open) unread.push(listing.line)
    for (const { way, line, text } of words) {
      const whole = withoutEscapes(text, language)
      length += whole.length
      if (texts.length >= bounds.texts || whole.length > bounds.length || length > bounds.all) unread.push(line)
      else texts.push({ ...placeOf(listing, way, fixed), line, text: whole })
    }
  }
  return { texts, unread }
}

function placeOf(
  listing: Listing,
  way: string,
  fixed: ReturnType<typeof fixedValues>,
): { where: string; tool: string | null } {
  if (listing.of === 'server') return { where: 'instructions', tool: null }
  const name = listing.name === null ? null : fixed.text(listing.name)
  const called = name === null ? `in line ${listing.line}` : name.slice(0, 80)
  return { where: `${listing.of} ${called}, ${way}`.slice(0, 200), tool: listing.of === 'tool' ? name : null }
}

/** Python's strings are kept as written; characters that are written by their number are what hides best. */
function withoutEscapes(text: string, language: SourceLanguage): string {
  if (language !== 'python' || !text.includes('\\')) return text
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|n)/g, (all, ...found: unknown[]) => {
    const digits = found.slice(0, 3).find((one) => typeof one === 'string')
    if (typeof digits !== 'string') return '\n'
    const code = Number.parseInt(digits, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}
