import { latin } from '../typosquat/fold-name.ts'
import { crossToolReferences, foreignToolReferences } from './cross-tool.ts'
import { encodedTexts } from './encoded-texts.ts'
import { hiddenCharacters } from './hidden-characters.ts'
import { instructionShapes, type TextKind } from './instruction-shapes.ts'
import { isSpokenAbout } from './quoted-speech.ts'
import { type Surface, type SurfaceText, surfaceTexts } from './surface-texts.ts'

export type PoisonKind = TextKind | 'hidden-characters' | 'cross-tool' | 'html-comment' | 'encoded-blob'

/** One place where a server's own words do something else than describe: `from` and `to` count in the text as the server sent it. */
export interface Poison {
  where: string
  tool: string | null
  kind: PoisonKind
  from: number
  to: number
  /** What hidden or encoded characters say. */
  decoded: string | null
}

const maxFound = 200

/** Structure that has no business in the words a server sends to a model. What it finds it finds by form, never by guessing a meaning. */
export function findPoison(surface: Surface): { found: Poison[]; looked: number; cut: boolean } {
  const { texts, cut } = surfaceTexts(surface)
  const names = surface.tools.map((tool) => tool.name)
  const judged = findPoisonIn(texts, names)
  return { ...judged, looked: texts.length, cut: cut || judged.cut }
}

/** The same for texts that were found otherwise; `names` are those of all tools of the server. */
export function findPoisonIn(
  texts: readonly SurfaceText[],
  names: readonly string[],
): { found: Poison[]; cut: boolean } {
  const found = texts.flatMap((one) => inText(one, names))
  return { found: found.slice(0, maxFound), cut: found.length > maxFound }
}

function inText({ where, tool, text }: SurfaceText, names: readonly string[]): Poison[] {
  const place = { where, tool }
  const others = names.filter((name) => name !== tool)
  const hidden = hiddenCharacters(text)
  return [
    ...hidden.map((run) => ({ ...place, kind: 'hidden-characters' as const, ...run })),
    ...spoken(text).map((span) => ({ ...place, ...span, decoded: null })),
    ...[...crossToolReferences(text, others), ...foreignToolReferences(text, names)].map((span) => ({
      ...place,
      kind: 'cross-tool' as const,
      ...span,
      decoded: null,
    })),
    ...comments(text).map((span) => ({ ...place, kind: 'html-comment' as const, ...span, decoded: null })),
    ...encodedTexts(text)
      .filter(({ decoded }) => spoken(decoded).length > 0)
      .map((blob) => ({ ...place, kind: 'encoded-blob' as const, ...blob })),
  ]
}

/** What a text says to the model, in place; letters that only look Latin are read as Latin. */
function spoken(text: string): { kind: TextKind; from: number; to: number }[] {
  const folded = foldInPlace(text)
  return instructionShapes.flatMap(({ kind, shape }) =>
    [...folded.matchAll(shape)]
      .filter((match) => !isSpokenAbout(folded, match.index))
      .slice(0, 20)
      .map((match) => ({ kind, from: match.index, to: match.index + match[0].length })),
  )
}

/** The text with look-alike letters replaced, each by one of the same length, so that places stay what they are. */
function foldInPlace(text: string): string {
  if (/^[\u0000-\u007f]*$/.test(text)) return text
  return text.replace(/[\u00c0-\u1eff\uff21-\uff5a]/g, (letter) => {
    const folded = latin(letter.normalize('NFKC'))
    return folded.length === 1 ? folded : letter
  })
}

const comment = /<!--([\s\S]{0,4000}?)-->/g
const speaksToModel =
  /\b(?:model|assistant|llm|ai|agent|must|should|always|never|ignore|secret|quiet|every request|every call|use this|call this|do not|fetch|send)\b/i

/** Comments that a person never sees, with a sentence for a model in them. */
function comments(text: string): { from: number; to: number }[] {
  return [...text.matchAll(comment)]
    .filter((match) => (match[1] ?? '').trim().split(/\s+/, 5).length >= 4 && speaksToModel.test(match[1] ?? ''))
    .map((match) => ({ from: match.index, to: match.index + match[0].length }))
}
