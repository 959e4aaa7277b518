import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasHidden } from './printable.ts'
import { printableJson } from './printable-json.ts'

test('JSON says the same and hides nothing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
      const given = { value, text: text.toWellFormed() }
      const json = printableJson(given, 0)
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(given)))
      expect(json).not.toMatch(/[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/)
    }),
  )
})

test('marks stand as escapes', () => {
  const json = printableJson({ name: 'a\u202eb\u{e0041}\u009b' }, 0)
  expect(json).toBe('{"name":"a\\u202eb\\udb40\\udc41\\u009b"}')
  expect(hasHidden(json)).toBe(false)
})
