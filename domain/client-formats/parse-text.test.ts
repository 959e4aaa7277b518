import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseText, type TextFormat } from './parse-text.ts'
import { at, type Parsed, type Tree } from './tree.ts'

function plain(tree: Tree): unknown {
  if (Array.isArray(tree)) return tree.map(plain)
  return tree instanceof Map ? Object.fromEntries([...tree].map(([key, value]) => [key, plain(value)])) : tree
}
function treeOf(parsed: Parsed): Tree {
  if (parsed.state === 'refused') throw new Error(parsed.reason)
  return parsed.tree
}
function refusalOf(text: string, format: TextFormat): string {
  const parsed = parseText(text, format)
  return parsed.state === 'refused' ? `${parsed.code}: ${parsed.reason}` : 'parsed'
}

describe('JSON', () => {
  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('json' as const, 'jsonc' as const), (value, format) => {
        const text = JSON.stringify(value, null, 2)
        const expected = JSON.stringify(JSON.parse(text.replaceAll('-0', '0')))
        if (!text.includes('__proto__') && !text.includes('-0')) {
          expect(JSON.stringify(plain(treeOf(parseText(text, format))))).toBe(expected)
        }
      }),
    )
  })

  it('reads texts with any escapes as JSON.parse does, and refuses the others', () => {
    const bits = [
      '\\',
      '\\"',
      '\\u',
      '\\u00',
      '0',
      'D8',
      'n',
      '/',
      '\t',
      '\u0001',
      '\u2028',
      '\x7f',
      '\n',
      '\ud800',
      'b',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...bits), { maxLength: 8 }), (parts) => {
        const text = `"${parts.join('')}"`
        const parsed = parseText(text, 'json')
        if (parsed.state === 'parsed') expect(parsed.tree).toBe(JSON.parse(text))
        else expect(() => JSON.parse(text)).toThrow()
      }),
      { numRuns: 1_000 },
    )
  })

  it('takes a byte order mark, comments and trailing commas, and reports the last two to a client of strict JSON', () => {
    const text = '\uFEFF{ // one\n "a": [1, 2,], /* two */ "b": {"c": true,},\n}'
    expect(plain(treeOf(parseText(text, 'jsonc')))).toEqual({ a: [1, 2], b: { c: true } })
    const strict = parseText(text, 'json')
    expect(strict.state === 'parsed' && strict.problems.map((each) => each.at)).toEqual([
      'line 1, column 3',
      'line 2, column 13',
      'line 2, column 16',
      'line 2, column 42',
      'line 3, column 1',
    ])
  })

  it('reports a key that stands twice, and the last one counts', () => {
    const parsed = parseText('{"a": 1,\n"a": 2}', 'jsonc')
    expect(plain(treeOf(parsed))).toEqual({ a: 2 })
    expect(parsed.state === 'parsed' && parsed.problems[0]?.at).toBe('line 2, column 1')
  })

  it('keeps hostile keys as ordinary ones', () => {
    const tree = treeOf(parseText('{"__proto__": {"polluted": 1}, "constructor": 2}', 'json'))
    expect(at(tree, '__proto__', 'polluted')).toBe(1)
    expect(at(tree, 'constructor')).toBe(2)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it('drops what is declined and still finds its errors', () => {
    const keep = (path: readonly string[]) => path[0] !== 'history'
    const tree = treeOf(parseText('{"history": [{"a": [1, {"b": 2}]}], "servers": {"x": 1}}', 'json', keep))
    expect(plain(tree)).toEqual({ servers: { x: 1 } })
    expect(parseText('{"history": [1 2]}', 'json', keep).state).toBe('refused')
  })

  it.each([
    ['{"a": 1', 'malformed: not well formed, line 1, column 8: the text ends too early'],
    ['{"a" 1}', 'malformed: not well formed, line 1, column 6: a colon was expected'],
    ['{"a": SECRET}', 'malformed: not well formed, line 1, column 7: a value was expected'],
    ['[1 2]', 'malformed: not well formed, line 1, column 4: a comma or the end was expected'],
    ['{} {}', 'malformed: not well formed, line 1, column 4: text follows the end of the value'],
    ['', 'malformed: not well formed, line 1, column 1: the text ends too early'],
    [
      '{"a": "SECRET\n"}',
      'malformed: not well formed, line 1, column 7: a string, number or comment is not well formed',
    ],
    ["{'a': 1}", 'malformed: not well formed, line 1, column 2: a key in double quotes was expected'],
  ])('refuses %j with a position and none of its text', (text, expected) => {
    expect(refusalOf(text, 'json')).toBe(expected)
  })

  it('reads an empty file as no settings where the client does', () => {
    expect(plain(treeOf(parseText('  // nothing\n', 'jsonc')))).toEqual({})
  })
})

describe('TOML', () => {
  it('reads tables, dotted keys, inline tables, lists of tables and dates', () => {
    const text = `top = 1\n[mcp_servers."a b"]\ncommand = 'npx'\nargs = ["-y", 3]\nenv.TOKEN = "x"\nheaders = { "X-A" = "b" }\n[[list]]\nn = 1\n[[list]]\nn = 2.5\nday = 2026-11-22\n[list.sub]\nq = true`
    expect(plain(treeOf(parseText(text, 'toml')))).toEqual({
      top: 1,
      mcp_servers: { 'a b': { command: 'npx', args: ['-y', 3], env: { TOKEN: 'x' }, headers: { 'X-A': 'b' } } },
      list: [{ n: 1 }, { n: 2.5, day: '2026-11-22', sub: { q: true } }],
    })
  })

  it('refuses bad text and duplicate keys without quoting them', () => {
    expect(refusalOf('a = SECRET', 'toml')).toBe('malformed: not well formed TOML, line 1, column 5')
    expect(refusalOf('a = 1\na = 2', 'toml')).toMatch(/^malformed: not well formed TOML, line 2, column 1/)
  })
})

describe('YAML', () => {
  it('reads maps, lists and aliases, and reports a key that stands twice', () => {
    const parsed = parseText('a: &x {n: 1}\nb: [*x, *x]\nc: 1\nc: 2\n', 'yaml')
    expect(plain(treeOf(parsed))).toEqual({ a: { n: 1 }, b: [{ n: 1 }, { n: 1 }], c: 2 })
    expect(parsed.state === 'parsed' && parsed.problems[0]?.at).toBe('line 4, column 1')
  })

  it('bounds what aliases expand to', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for (let n = 1; n < 12; n += 1)
      lines.push(
        `a${n}: &a${n} [${Array(9)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
      )
    const before = performance.now()
    expect(refusalOf(lines.join('\n'), 'yaml')).toMatch(/^too-large: /)
    expect(performance.now() - before).toBeLessThan(3_000)
  })

  it('ends on an alias to itself', () => {
    expect(refusalOf('a: &a [*a]', 'yaml')).toMatch(/^too-deep: /)
  })

  it('refuses bad text without quoting it', () => {
    expect(refusalOf('a: "SECRET', 'yaml')).toMatch(/^malformed: not well formed YAML, line 1, column \d+$/)
  })
})

describe('bounds', () => {
  it.each<[TextFormat, string]>([
    ['json', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['jsonc', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['toml', `a = ${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['toml', `a${'.a'.repeat(10_000)} = 1`],
    ['toml', `a = ${'['.repeat(500)}${']'.repeat(500)}`],
    ['yaml', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['yaml', `${'- '.repeat(10_000)}a`],
    ['yaml', `${'? '.repeat(500)}a`],
  ])('%s nested too deep is refused as that', (format, text) => {
    expect(refusalOf(text, format)).toMatch(/^too-deep: /)
  })

  it('refuses more than it reads', () => {
    expect(refusalOf(' '.repeat(1024 * 1024 + 1), 'yaml')).toMatch(/^too-large: /)
  })

  it('scans a long history in time that grows with its length', () => {
    const history = Array.from({ length: 20_000 }, (_, n) => ({ display: `${'long prompt '.repeat(40)}${n}\n"q"` }))
    const text = JSON.stringify({ projects: { '/p': { history } }, mcpServers: { a: {} } })
    const before = performance.now()
    const tree = treeOf(parseText(text, 'json', (path) => path.at(-1) !== 'history'))
    expect(at(tree, 'mcpServers', 'a')).toEqual(new Map())
    expect(text.length).toBeGreaterThan(9_000_000)
    expect(performance.now() - before).toBeLessThan(3_000)
  })
})
