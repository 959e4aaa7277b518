import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scriptWords } from './script-words.ts'

function wordsOf(text: string): string[] {
  return [...scriptWords(text)]
}

// In two parts: a placeholder in a plain text looks like a mistake to lint.
const opens = ['$', '{'].join('')

describe('scriptWords', () => {
  test.each([
    ['literals of both quotes', `a("first text", 'second text')`, ['first text', 'second text']],
    ['escapes are undone', String.raw`"line\none \x41\u0042\u{43} \"quoted\""`, ['line\none ABC "quoted"']],
    [
      'parts of templates',
      `f(\`before ${opens}first(\`inner ${opens}x} one\`)} and after\`)`,
      ['before ', 'inner ', ' and after'],
    ],
    ['an object inside a template', `\`start of ${opens}({ a: { b: 1 } }).a} the end\``, ['start of ', ' the end']],
    ['names of some length', 'one._requestHandlers.set(ab, cd)', ['_requestHandlers']],
    ['comments hold nothing', '// "commented text"\n/* "another text" */ "the text"', ['the text']],
    ['an expression with quotes is no literal', 'x = /["\'`]/.test(y); z = "literal"', ['literal']],
    ['an expression with a slash in a class', 'return /[/"]/.test(y) || "literal"', ['return', 'literal']],
    ['a division is no expression', 'a = b / c; d = "literal" / 2', ['literal']],
    ['a quote that ends with its line', 'it\'s broken\n"literal"', ['broken', 'literal']],
    ['numbers are none', '1234567 + 0x1234567', []],
    ['a literal that does not end', '"no end here', []],
  ])('%s', (_name, text, words) => {
    expect(wordsOf(text)).toEqual(words)
  })

  test('whatever it is given it ends, in time that grows with the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'"\'`/\\{}[]()\nab*', opens) }), (text) =>
        Boolean(scriptWords(text)),
      ),
    )
    for (const part of [`\`${opens}`, '"\\', '/[', `{\`${opens}{`, "'a\n"]) {
      const started = performance.now()
      scriptWords(part.repeat(200_000))
      expect(performance.now() - started).toBeLessThan(5_000)
    }
  })
})
