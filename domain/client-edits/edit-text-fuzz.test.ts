import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseText, type TextFormat } from '../client-formats/parse-text.ts'
import type { TreePath } from '../client-formats/tree.ts'
import { editText } from './edit-text.ts'
import { isPlainList } from './edit-tree.ts'
import { inverse, spliced } from './splices.ts'
import { diceOf } from './testing/dice-of.ts'
import { messyText } from './testing/messy-text.ts'
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

/** TOML has no null. */
function withoutNull(value: PlainValue): PlainValue {
  if (value === null || typeof value !== 'object') return value ?? 'none'
  if (isPlainList(value)) return value.map(withoutNull)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutNull(each)]))
}

function expectSound(root: PlainValue, text: string, format: TextFormat, edits: readonly TextEdit[]): boolean {
  const edited = editText(text, format, edits)
  if (edited.state === 'refused') {
    if (edited.code !== 'not-expressible' || format === 'jsonc') throw new Error(`${edited.code}: ${edited.reason}`)
    return false
  }
  expect(spliced(text, edited.splices)).toBe(edited.text)
  expect(spliced(edited.text, inverse(text, edited.splices))).toBe(text)
  const [edit] = edits
  if (edit?.kind !== 'set' || typeof edit.path.at(-1) !== 'string') return true
  expect(editText(edited.text, format, edits)).toMatchObject({ text: edited.text, splices: [] })
  const isNew = !pathsOf(root).some((path) => path.join('\n') === edit.path.join('\n'))
  if (isNew) expect(commentsIn(edited.text)).toEqual(commentsIn(text))
  return true
}

it.each(['jsonc', 'toml', 'yaml'] as const)(
  'any edit of any %s can be undone to the byte, is made once, and loses no comment outside what it replaces',
  (format) => {
    let made = 0
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 4 }),
        fc.nat(),
        fc.array(fc.nat(999), { minLength: 3, maxLength: 3 }),
        value,
        (any, seed, picks, inner) => {
          const root = format === 'toml' ? withoutNull(any) : any
          const edits = editsOf(root, picks, format === 'toml' ? withoutNull(inner) : inner)
          const text = messyText(root, format, diceOf(seed))
          // The parser of TOML takes some tables with a key `__proto__` for defined twice.
          fc.pre(format !== 'toml' || parseText(text, format).state === 'parsed')
          if (expectSound(root, text, format, edits)) made += 1
        },
      ),
      { numRuns: 500 },
    )
    // What is refused is the exception.
    expect(made).toBeGreaterThan(400)
  },
)
