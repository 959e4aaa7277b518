import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson, digestOf, digestOfText, maxDepth } from './canonical-json.ts'

function double(hex: string): number {
  return new DataView(Uint8Array.from(Buffer.from(hex, 'hex')).buffer).getFloat64(0)
}

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

describe('numbers: RFC 8785 appendix B', () => {
  test.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('%s is %s', (hex, text) => {
    expect(canonicalJson(double(hex))).toBe(text)
  })

  test.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])('%s is refused', (hex) => {
    expect(() => canonicalJson(double(hex))).toThrow(TypeError)
  })
})

describe('strings and names: RFC 8785 section 3.2', () => {
  test('escapes only what must be', () => {
    const value = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"\u002f',
      literals: [null, true, false],
    }
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  test('sorts names by UTF-16 code units, not by code points', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6']
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33']
    const written = canonicalJson(Object.fromEntries(names.map((name) => [name, name])))
    expect(Object.keys(JSON.parse(written)).filter((name) => name !== '1')).toEqual(
      sorted.filter((name) => name !== '1'),
    )
    expect(written.startsWith('{"\\r":"\\r","1":"1"')).toBe(true)
  })

  test('keeps a member named __proto__', () => {
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"x":1}}'))).toBe('{"__proto__":{"x":1},"b":1}')
  })
})

describe('refuses what is not JSON', () => {
  const circle: unknown[] = []
  circle.push(circle)
  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    ['an undefined item', [undefined]],
    ['a hole', new Array(1)],
    ['a function', () => 1],
    ['a function member', { toJSON: () => 1 }],
    ['a bigint', 1n],
    ['a symbol', Symbol('x')],
    ['a symbol name', { [Symbol('x')]: 1 }],
    ['NaN', Number.NaN],
    ['Infinity', [Number.POSITIVE_INFINITY]],
    ['half a surrogate pair', '\ud800'],
    ['half a surrogate pair in a name', { '\udc00': 1 }],
    ['a date', new Date(0)],
    ['a map', new Map([['a', 1]])],
    ['bytes', new Uint8Array(2)],
    ['an error', new Error('x')],
    ['a circle', circle],
    ['depth beyond the bound', nested(maxDepth + 1)],
    ['hostile depth', nested(200_000)],
  ])('%s', (_name, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError)
  })

  test('says nothing of text that may come from outside', () => {
    expect(() => canonicalJson({ 'sk-canary': 'canary\ud800' })).toThrow(/^[^k]*half a surrogate pair$/)
  })

  test('depth up to the bound is written', () => {
    expect(canonicalJson(nested(maxDepth))).toHaveLength(JSON.stringify(nested(maxDepth)).length)
  })
})

describe('properties', () => {
  const json = fc.jsonValue({ stringUnit: 'binary' })

  test('is a fixed point of parsing and writing', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
      }),
    )
  })

  test('loses nothing', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  test('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (members) => {
        const turned = Object.fromEntries(Object.entries(members).reverse())
        expect(canonicalJson(turned)).toBe(canonicalJson(members))
      }),
    )
  })

  test('digests agree with Node', () => {
    fc.assert(
      fc.property(json, (value) => {
        const expected = createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex')
        expect(digestOf(value)).toBe(expected)
        expect(digestOfText(canonicalJson(value))).toBe(expected)
      }),
    )
  })
})
