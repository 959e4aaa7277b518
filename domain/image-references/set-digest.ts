import { spliced } from '../client-edits/splices.ts'
import { type RefusedEdit, refused, type Splice } from '../client-edits/text-edit.ts'
import { type ImagePlace, imagePlaces } from './image-places.ts'

/** Which image is to be named by which digest, and which digest it may be named by now. */
export interface DigestWish {
  readonly image: string
  readonly from: string | null
  readonly to: string
}

export type DigestSet =
  | { state: 'edited'; text: string; splices: readonly Splice[]; at: readonly string[] }
  | RefusedEdit

/**
 * Names an image by its digest wherever a Compose file or manifest names it, and changes nothing else: quotes, comments and line endings
 * stay. What came of it is read again, and must name the same images in the same places but for that.
 */
export function setDigest(text: string, { image, from, to }: DigestWish): DigestSet {
  const places = imagePlaces(text)
  if ('state' in places) return places
  const named = places.filter(({ reference }) => reference?.image === image)
  if (named.length === 0) return refused('no-such-path', 'no place in it names that image')
  const open = named.filter(({ reference }) => reference?.digest !== to)
  const other = open.find(({ reference }) => reference?.digest !== from)
  if (other !== undefined) return refused('ambiguous', `${other.at} names it by another digest than was seen`)
  const splices: Splice[] = []
  for (const { at, range } of open) {
    if (range === null)
      return refused('not-expressible', `${at} is shared with other places, or written in a form that is not edited`)
    const quote = /^['"]/.exec(text.slice(range.start, range.end))?.[0] ?? ''
    splices.push({ at: range.start, removed: range.end - range.start, inserted: `${quote}${image}@${to}${quote}` })
  }
  const edited = spliced(text, splices)
  if (!isAsMeant(places, imagePlaces(edited), { image, to }))
    return refused('not-expressible', 'what came of it does not read as it should')
  return { state: 'edited', text: edited, splices, at: open.map(({ at }) => at) }
}

function isAsMeant(
  before: readonly ImagePlace[],
  after: readonly ImagePlace[] | RefusedEdit,
  { image, to }: Pick<DigestWish, 'image' | 'to'>,
): boolean {
  if ('state' in after || before.length !== after.length) return false
  return before.every(({ at, reference }, index) => {
    const digest = reference?.image === image ? to : (reference?.digest ?? null)
    const is = after[index]
    return is?.at === at && is.reference?.image === reference?.image && (is.reference?.digest ?? null) === digest
  })
}
