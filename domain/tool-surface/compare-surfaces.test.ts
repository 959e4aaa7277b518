import type { ListedTool } from '@upkeep/contract/observations/tool-surface'
import { describe, expect, test } from 'vitest'
import { compareSurfaces } from './compare-surfaces.ts'
import { listed, surfaceOf } from './testing/listed.ts'

function between(was: Partial<ListedTool>, is: Partial<ListedTool>): string[] {
  return compareSurfaces(surfaceOf([listed(was)]), surfaceOf([listed(is)])).map((one) => `${one.kind} ${one.path}`)
}
const input = (properties: object, more: object = {}) => ({ inputSchema: { type: 'object', properties, ...more } })
const one = (of: object) => input({ p: of })

describe('one tool', () => {
  test.each<[string, Partial<ListedTool>, Partial<ListedTool>, string[]]>([
    ['one parameter more', input({}), one({}), ['input-widened input.p']],
    ['one parameter less', one({}), input({}), ['input-narrowed input.p']],
    ['one that must be given now', one({}), input({ p: {} }, { required: ['p'] }), ['input-narrowed input.required']],
    [
      'one that need not be given now',
      input({ p: {} }, { required: ['p'] }),
      one({}),
      ['input-widened input.required'],
    ],
    ['one value more', one({ enum: ['a'] }), one({ enum: ['b', 'a'] }), ['input-widened input.p.enum']],
    ['one value less', one({ enum: ['a', 'b'] }), one({ const: 'a' }), ['input-narrowed input.p.enum']],
    ['another value', one({ const: 'a' }), one({ const: 'b' }), ['input-changed input.p.enum']],
    ['any value now', one({ enum: ['a'] }), one({}), ['input-widened input.p.enum']],
    ['fractions too', one({ type: 'integer' }), one({ type: 'number' }), ['input-widened input.p.type']],
    ['another type', one({ type: 'string' }), one({ type: 'number' }), ['input-changed input.p.type']],
    ['a longer text', one({ maxLength: 9 }), one({ maxLength: 99 }), ['input-widened input.p.maxLength']],
    ['a larger least', one({ minimum: 1 }), one({ minimum: 2 }), ['input-narrowed input.p.minimum']],
    ['a pattern that is gone', one({ pattern: '^a' }), one({}), ['input-widened input.p.pattern']],
    [
      'whatever else is allowed now',
      input({}, { additionalProperties: false }),
      input({}),
      ['input-widened input.additionalProperties'],
    ],
    [
      'one alternative more',
      one({ anyOf: [{ type: 'null' }] }),
      one({ anyOf: [{}, { type: 'null' }] }),
      ['input-widened input.p.anyOf'],
    ],
    [
      'deep inside',
      one({ items: { maxItems: 1 } }),
      one({ items: { maxItems: 2 } }),
      ['input-widened input.p.items.maxItems'],
    ],
    [
      'words in a schema',
      one({ description: 'a' }),
      one({ description: 'b' }),
      ['description-changed input.p.description'],
    ],
    ['a structure that is promised now', {}, { outputSchema: {} }, ['output-changed output']],
    [
      'a result that may be more',
      { outputSchema: { enum: [1] } },
      { outputSchema: {} },
      ['output-widened output.enum'],
    ],
    [
      'what it says of itself',
      {},
      { description: 'Reads.', title: 'R' },
      ['title-changed title', 'description-changed description'],
    ],
    ['it may destroy now', { annotations: { destructiveHint: false } }, {}, ['hint-changed destructive']],
    ['it runs as a task now', {}, { taskSupport: 'required' }, ['task-support-changed taskSupport']],
    ['nothing', { annotations: { openWorldHint: true } }, {}, []],
  ])('%s', (_, was, is, expected) => {
    expect(between(was, is)).toEqual(expected)
  })

  test('what nobody sees is shown, and no value is longer than its bound', () => {
    const [change] = compareSurfaces(
      surfaceOf([listed()]),
      surfaceOf([listed({ description: `a\u200b${'x'.repeat(9_000)}` })]),
    )
    expect(change?.is).toContain('a⟨U+200B⟩x')
    expect(change?.is.length).toBeLessThan(500)
  })
})

describe('several', () => {
  const add = listed({ name: 'add', description: 'Adds two numbers', inputSchema: { properties: { a: {}, b: {} } } })

  test('a new name is a guess beside what is gone and what came', () => {
    const sum = { ...add, name: 'get-sum', description: 'Returns the sum of two numbers' }
    expect(compareSurfaces(surfaceOf([add, listed()]), surfaceOf([listed(), sum]))).toMatchObject([
      { kind: 'tool-removed', of: 'add' },
      { kind: 'tool-added', of: 'get-sum' },
      { kind: 'tool-renamed', of: 'add', is: expect.stringMatching(/^get-sum \(.*parameters a and b/) },
    ])
  })

  test.each<[string, Partial<ListedTool>]>([
    [
      'does something else',
      { name: 'delete', description: 'Removes a folder', inputSchema: { properties: { path: {} } } },
    ],
    [
      'only takes the same',
      { name: 'plot', description: 'Draws a curve', inputSchema: { properties: { a: {}, b: {} } } },
    ],
    [
      'only begins alike',
      { name: 'add-user', description: 'Creates an account', inputSchema: { properties: { name: {} } } },
    ],
  ])('no new name is guessed for one that %s', (_, other) => {
    const kinds = compareSurfaces(surfaceOf([add]), surfaceOf([listed(other)])).map(({ kind }) => kind)
    expect(kinds).toEqual(['tool-removed', 'tool-added'])
  })

  test('one of two that have the same name', () => {
    const twin = listed({ description: 'Reads a folder.' })
    expect(
      compareSurfaces(surfaceOf([listed(), twin]), surfaceOf([twin, listed({ description: 'Reads all.' })])),
    ).toMatchObject([{ kind: 'description-changed', of: 'read', was: 'Reads a file.', is: 'Reads all.' }])
  })

  test('instructions, prompts, resources and templates', () => {
    const prompt = { name: 'p', title: null, description: null, arguments: [] }
    const resource = { uri: 'x://1', name: 'r', title: null, description: null, mimeType: null }
    const was = surfaceOf([], { prompts: [prompt], resources: [resource], templates: null })
    const is = surfaceOf([], { instructions: 'Be kind.', prompts: [{ ...prompt, title: 'P' }], templates: [resource] })
    expect(compareSurfaces(was, is).map(({ kind, of }) => `${kind} ${of}`)).toEqual([
      'instructions-changed null',
      'prompt-changed p',
      'resource-removed x://1',
      'list-unknown null',
    ])
  })
})
