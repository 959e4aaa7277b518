import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { TreePath } from '../client-formats/tree.ts'
import { editText } from './edit-text.ts'
import { inverse, spliced } from './splices.ts'
import { messyJson } from './testing/messy-text.ts'
import type { PlainValue, TextEdit } from './text-edit.ts'

const names = ['a', 'b', 'c/ü', '"', '__proto__', 'args']
const scalar = fc.oneof(fc.constantFrom('x', '//y', '{"', '\\', '', ','), fc.integer(), fc.boolean(), fc.constant(null))
const { value } = fc.letrec<{ value: PlainValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 4 }),
  ),
}))

function pathsOf(value: PlainValue, path: TreePath = []): TreePath[] {
  if (value === null || typeof value !== 'object') return [path]
  const list = Array.isArray(value)
  return [path, ...Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...path, list ? Number(key) : key]))]
}

function editsOf(root: PlainValue, picks: readonly number[], inner: PlainValue): TextEdit[] {
  const all = pathsOf(root)
  const path = all[(picks[0] ?? 0) % all.length] ?? []
  const here = path.reduce<unknown>((at, step) => Object(at)[step], root)
  const isBranch = typeof here === 'object' && here !== null
  const below = Array.isArray(here) ? [...path, here.length] : [...path, names[(picks[1] ?? 0) % names.length] ?? 'n']
  const kinds: TextEdit[] = [
    { kind: 'set', path, value: inner },
    { kind: 'remove', path },
    ...(isBranch ? [{ kind: 'set', path: below, value: inner } as const] : []),
    ...(typeof path.at(-1) === 'number' ? [{ kind: 'insert', path, value: inner } as const] : []),
  ]
  const edit = kinds[(picks[2] ?? 0) % kinds.length]
  return edit === undefined || edit.path.length === 0 ? [] : [edit]
}

const commentsIn = (text: string) => new Set(text.match(/c\d+\./g))

it('any edit of any text can be undone to the byte, is made once, and loses no comment outside what it replaces', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 4 }),
      fc.infiniteStream(fc.nat(99)),
      fc.array(fc.nat(999), { minLength: 3, maxLength: 3 }),
      value,
      (root, dice, picks, inner) => {
        const text = messyJson(root, (below) => (dice.next().value ?? 0) % below)
        const edits = editsOf(root, picks, inner)
        const edited = editText(text, 'jsonc', edits)
        if (edited.state === 'refused') throw new Error(`${edited.code}: ${edited.reason}`)
        expect(spliced(text, edited.splices)).toBe(edited.text)
        expect(spliced(edited.text, inverse(text, edited.splices))).toBe(text)
        const [edit] = edits
        if (edit?.kind === 'set' && typeof edit.path.at(-1) === 'string') {
          expect(editText(edited.text, 'jsonc', edits)).toMatchObject({ text: edited.text, splices: [] })
          if (!pathsOf(root).some((path) => path.join('\n') === edit.path.join('\n')))
            expect(commentsIn(edited.text)).toEqual(commentsIn(text))
        }
      },
    ),
    { numRuns: 1_000 },
  )
})
