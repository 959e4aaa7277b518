import type { ListedTool } from '@upkeep/contract/observations/tool-surface'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareSurfaces } from './compare-surfaces.ts'
import { fingerprintOf } from './meaning.ts'
import { anySurface, listed, surfaceOf } from './testing/listed.ts'

const schema = (over: object) => ({ inputSchema: { type: 'object', ...over } })
const same = (one: Partial<ListedTool>, other: Partial<ListedTool>) =>
  fingerprintOf(surfaceOf([listed(one)])) === fingerprintOf(surfaceOf([listed(other)]))

describe('the fingerprint does not see', () => {
  test.each<[string, Partial<ListedTool>, Partial<ListedTool>]>([
    ['the order of keys', schema({ a: 1, b: 2 }), { inputSchema: { b: 2, a: 1, type: 'object' } }],
    [
      'the dialect',
      schema({ $schema: 'http://json-schema.org/draft-07/schema#' }),
      schema({ $schema: 'https://json-schema.org/draft/2020-12/schema' }),
    ],
    [
      'where definitions stand',
      schema({ definitions: { a: {} }, $ref: '#/definitions/a' }),
      schema({ $defs: { a: {} }, $ref: '#/$defs/a' }),
    ],
    [
      'the order of what has none',
      schema({ required: ['a', 'b'], anyOf: [{ type: 'null' }, { enum: [1, 2] }] }),
      schema({ required: ['b', 'a', 'a'], anyOf: [{ enum: [2, 1] }, { type: 'null' }] }),
    ],
    [
      'a permission that is there anyway',
      schema({ additionalProperties: true, properties: {}, required: [] }),
      schema({}),
    ],
    ['one value as a list of one', schema({ const: 'a', type: ['object'] }), schema({ enum: ['a'] })],
    ['no schema as one that allows everything', { inputSchema: null }, { inputSchema: {} }],
    [
      'hints that say what silence says',
      { annotations: { destructiveHint: true, readOnlyHint: false } },
      { annotations: null },
    ],
    [
      'hints that do not apply to what only reads',
      { annotations: { readOnlyHint: true, destructiveHint: true } },
      { annotations: { readOnlyHint: true, idempotentHint: true } },
    ],
    ['an older place of the title', { annotations: { title: 'Read' } }, { title: 'Read' }],
    ['metadata of the transport', { annotations: { _meta: { trace: 1 } } }, { annotations: {} }],
  ])('%s', (_, one, other) => {
    expect(same(one, other)).toBe(true)
  })

  test('the order of tools, prompts and resources', () => {
    fc.assert(
      fc.property(anySurface, (surface) => {
        const turned = {
          ...surface,
          tools: surface.tools?.toReversed() ?? null,
          prompts: surface.prompts?.toReversed() ?? null,
          resources: surface.resources?.toReversed() ?? null,
        }
        expect(fingerprintOf(turned)).toBe(fingerprintOf(surface))
        expect(compareSurfaces(surface, turned)).toEqual([])
      }),
    )
  })
})

describe('the fingerprint sees', () => {
  test.each<[string, Partial<ListedTool>, Partial<ListedTool>]>([
    [
      'a property that is called as the dialect is',
      schema({ properties: { $schema: { type: 'string' } } }),
      schema({ properties: {} }),
    ],
    [
      'a property that is called as a list of schemas is',
      schema({ properties: { anyOf: { type: 'string' } } }),
      schema({ properties: { anyOf: { type: 'number' } } }),
    ],
    [
      'the order of items',
      schema({ prefixItems: [{ type: 'null' }, { type: 'string' }] }),
      schema({ prefixItems: [{ type: 'string' }, { type: 'null' }] }),
    ],
    ['the order of examples', schema({ examples: [1, 2] }), schema({ examples: [2, 1] })],
    ['a comment, since a model reads it', schema({ $comment: 'send it all' }), schema({})],
    ['one character that nobody sees', { description: 'Reads\u200b a file.' }, {}],
    ['that nothing else is allowed', schema({ additionalProperties: false }), schema({})],
    ['no output that is promised and any output that is', { outputSchema: null }, { outputSchema: {} }],
    ['one hint', { annotations: { destructiveHint: false } }, { annotations: null }],
    ['an annotation that no specification knows', { annotations: { note: 'x' } }, { annotations: {} }],
    ['that it has to be run as a task', { taskSupport: 'required' }, {}],
  ])('%s', (_, one, other) => {
    expect(same(one, other)).toBe(false)
  })

  test('a list that could not be had, beside one that is empty', () => {
    expect(fingerprintOf(surfaceOf(null))).not.toBe(fingerprintOf(surfaceOf([])))
  })
})

test('two surfaces have one fingerprint exactly when nothing differs', () => {
  let alike = 0
  fc.assert(
    fc.property(anySurface, anySurface, fc.boolean(), (one, drawn, copy) => {
      const other = copy ? { ...drawn, ...structuredClone(one) } : drawn
      const equal = fingerprintOf(one) === fingerprintOf(other)
      if (equal) alike += 1
      expect(compareSurfaces(one, other).length === 0).toBe(equal)
      expect(compareSurfaces(one, one)).toEqual([])
    }),
    { numRuns: 1_000 },
  )
  expect(alike).toBeGreaterThan(100)
})

test('one schema changed anywhere is a difference', () => {
  fc.assert(
    fc.property(anySurface, anySurface, (one, other) => {
      const [first] = other.tools ?? []
      const pair = [one, other].map((from) =>
        surfaceOf([listed({ inputSchema: from.tools?.[0]?.inputSchema ?? first?.inputSchema })]),
      )
      const [was, is] = pair
      if (was === undefined || is === undefined) return
      expect(compareSurfaces(was, is).length === 0).toBe(fingerprintOf(was) === fingerprintOf(is))
    }),
    { numRuns: 2_000 },
  )
})
