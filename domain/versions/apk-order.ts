import { compareDigits, compareText } from './deb-order.ts'

/** One piece of a version of Alpine's form. Of two versions that are alike so far, the one whose next piece is of an earlier kind is newer. */
interface Piece {
  kind: 'first' | 'number' | 'letter' | 'suffix' | 'suffix-number' | 'commit' | 'revision' | 'end'
  text: string
}

const kinds = ['first', 'number', 'letter', 'suffix', 'suffix-number', 'commit', 'revision', 'end'] as const
const before = ['alpha', 'beta', 'pre', 'rc']
const after = ['cvs', 'svn', 'git', 'hg', 'p']
const form = /^(\d+)((?:\.\d+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*)((?:~[0-9a-f]+)?)((?:-r\d+)?)$/

/** A version of Alpine's form in pieces; the last is its end. */
export type ApkVersion = readonly Piece[]

/** Takes a version apart as apk has it: numbers, a letter, suffixes, a commit, `-r` and the revision; null for what is none. */
export function readApk(text: string): ApkVersion | null {
  const found = form.exec(text)
  if (found === null) return null
  const [, first = '', numbers = '', letter = '', suffixes = '', commit = '', revision = ''] = found
  return [
    { kind: 'first', text: first },
    ...numbers.split('.').flatMap((one): Piece[] => (one === '' ? [] : [{ kind: 'number', text: one }])),
    ...(letter === '' ? [] : [{ kind: 'letter', text: letter } as const]),
    ...suffixes.split('_').flatMap(suffixPieces),
    ...(commit === '' ? [] : [{ kind: 'commit', text: commit.slice(1) } as const]),
    ...(revision === '' ? [] : [{ kind: 'revision', text: revision.slice(2) } as const]),
    { kind: 'end', text: '' },
  ]
}

function suffixPieces(text: string): Piece[] {
  const [, name = '', digits = ''] = /^([a-z]*)(\d*)$/.exec(text) ?? []
  if (name === '') return []
  return [{ kind: 'suffix', text: name }, ...(digits === '' ? [] : [{ kind: 'suffix-number', text: digits } as const])]
}

/** apk's order: piece by piece; what goes on is newer, unless it goes on with a suffix of what is not yet released. */
export function compareApk(a: ApkVersion, b: ApkVersion): number {
  for (const [index, left] of a.entries()) {
    const right = b[index]
    if (right === undefined) return 0
    const difference = left.kind === right.kind ? compareAlike(left, right) : compareKinds(left, right)
    if (difference !== 0) return difference
  }
  return 0
}

function compareKinds(left: Piece, right: Piece): number {
  if (isBefore(left)) return -1
  if (isBefore(right)) return 1
  return kinds.indexOf(right.kind) - kinds.indexOf(left.kind)
}

function isBefore({ kind, text }: Piece): boolean {
  return kind === 'suffix' && before.includes(text)
}

const suffixOrder = [...before, ...after]

function compareAlike(left: Piece, right: Piece): number {
  switch (left.kind) {
    case 'suffix':
      return suffixOrder.indexOf(left.text) - suffixOrder.indexOf(right.text)
    case 'number':
      // A leading nought makes it a fraction: 1.05 is older than 1.1.
      return left.text.startsWith('0') || right.text.startsWith('0')
        ? compareText(left.text, right.text)
        : compareDigits(left.text, right.text)
    case 'letter':
    case 'commit':
      return compareText(left.text, right.text)
    default:
      return compareDigits(left.text, right.text)
  }
}
