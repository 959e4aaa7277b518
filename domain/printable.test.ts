import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasHidden, printable } from './printable.ts'
import { asciiOnly, csvField, htmlText, markdownText, terminalText } from './printable-escape.ts'
import { displayWidth, fitWidth, wrapWidth } from './printable-width.ts'

/** Written as numbers, by hand from the Unicode chart: not the expression that is under test. */
const forbidden: readonly (readonly [number, number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x180e, 0x180e],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [0xd800, 0xdfff],
  [0xe0000, 0xe0fff],
]

function leftovers(text: string, allowed = ''): string[] {
  return [...text].filter((character) => {
    const code = character.codePointAt(0) ?? 0
    return !allowed.includes(character) && forbidden.some(([from, to]) => code >= from && code <= to)
  })
}

const nasty = fc.oneof(
  ...forbidden.map(([from, to]) => fc.integer({ min: from, max: to }).map((code) => String.fromCodePoint(code))),
  fc.constantFrom(
    '\u001b[31m',
    '\u001b]8;;http://evil.example\u0007',
    '\r\n',
    '<script>',
    '=cmd()',
    '`',
    '"',
    "'",
    '&',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const hostile = fc.array(nasty, { maxLength: 40 }).map((parts) => parts.join(''))

describe('printable', () => {
  test('lets nothing hidden through, whatever comes in', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(leftovers(printable(text))).toEqual([])
        expect(leftovers(printable(text, { newlines: 'keep' }), '\n')).toEqual([])
        expect(leftovers(terminalText(text))).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('shows what was hidden by its number', () => {
    expect(printable('pay\u200bpal')).toBe('pay⟨U+200B⟩pal')
    expect(printable('a\r\nb')).toBe('a⟨U+000D⟩⟨U+000A⟩b')
    expect(printable('a\r\nb', { newlines: 'keep' })).toBe('a\nb')
    expect(printable('\u001b[2Jgone')).toBe('⟨U+001B⟩[2Jgone')
    expect(printable('\u{e0041}')).toBe('⟨U+E0041⟩')
  })

  test('cuts at the stated length and says how much is missing', () => {
    const shown = printable('x'.repeat(1_000_000), { maxLength: 50 })
    expect(shown).toBe(`${'x'.repeat(50)}… (cut: 999950 more characters)`)
    expect(printable('ab😀', { maxLength: 3 })).toBe('ab… (cut: 2 more characters)')
  })

  test('leaves ordinary text of any language alone', () => {
    for (const text of ['fs', 'Ελληνικά', '日本語のツール', 'naïve café', 'हिन्दी', 'a b']) {
      expect(printable(text)).toBe(text)
      expect(hasHidden(text)).toBe(false)
    }
    expect(hasHidden('a\u200d')).toBe(true)
  })

  test('does not let combining marks pile up', () => {
    const shown = printable(`a${'\u0301'.repeat(100)}`, { maxLength: 1_000 })
    expect([...shown].filter((character) => character === '\u0301')).toHaveLength(4)
  })
})

describe('escapers', () => {
  test('HTML text cannot open a tag, an attribute or an entity', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = htmlText(text)
        expect(shown).not.toMatch(/[<>"']/)
        expect(shown.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&')
        expect(leftovers(shown)).toEqual([])
      }),
    )
  })

  test('a CSV field starts no formula and stays one field', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const field = csvField(text)
        const inner = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field
        expect(inner.trimStart()).not.toMatch(/^[=+\-@]/)
        if (!field.startsWith('"')) expect(field).not.toMatch(/[",\r\n]/)
        expect(leftovers(field)).toEqual([])
      }),
    )
    expect(csvField('=HYPERLINK("http://evil.example")')).toBe(`"'=HYPERLINK(""http://evil.example"")"`)
    expect(csvField(-3)).toBe('-3')
    expect(csvField(null)).toBe('')
  })

  test('Markdown text is prose: no link, no emphasis, no HTML, no table cell of its own', () => {
    expect(markdownText('[x](http://evil.example) <img> | **b** `c`')).toBe(
      '\\[x\\]\\(http\\://evil\\.example\\) &lt;img\\> \\| \\*\\*b\\*\\* \\`c\\`',
    )
    fc.assert(
      fc.property(hostile, (text) => {
        expect(leftovers(markdownText(text))).toEqual([])
      }),
    )
  })

  test('the ASCII fallback is ASCII', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(terminalText(text, { ascii: true })).toMatch(/^[\x20-\x7e]*$/)
      }),
    )
    expect(asciiOnly('● pass … é')).toBe('o pass ... <U+00E9>')
  })
})

describe('width', () => {
  test('counts cells, cuts and wraps by them', () => {
    expect(displayWidth('日本')).toBe(4)
    expect(displayWidth('e\u0301')).toBe(1)
    expect(fitWidth('日本語', 5)).toBe('日本…')
    expect(wrapWidth('one two three', 7)).toEqual(['one two', 'three'])
    expect(wrapWidth('abcdefgh', 3)).toEqual(['abc', 'def', 'gh'])
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 2, max: 40 }), (text, cells) => {
        for (const line of wrapWidth(printable(text), cells)) expect(displayWidth(line)).toBeLessThanOrEqual(cells)
      }),
    )
  })
})
