import type { ListedTool } from '@upkeep/contract/observations/tool-surface'
import fc from 'fast-check'
import type { ListedSurface } from '../meaning.ts'

/** A tool as a server might list it. */
export function listed(over: Partial<ListedTool> = {}): ListedTool {
  return {
    name: 'read',
    title: null,
    description: 'Reads a file.',
    inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
    outputSchema: null,
    annotations: null,
    taskSupport: null,
    ...over,
  }
}

/** A surface with these tools and nothing else. */
export function surfaceOf(tools: ListedTool[] | null, over: Partial<ListedSurface> = {}): ListedSurface {
  return { instructions: null, tools, prompts: [], resources: [], templates: [], ...over }
}

const word = fc.constantFrom('a', 'b', 'path', 'type', 'required', '$schema', 'properties', 'x')
const schema = fc.letrec((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.boolean(),
    fc.record(
      {
        type: fc.oneof(
          fc.constantFrom('object', 'string', 'integer', 'number'),
          fc.uniqueArray(fc.constantFrom('string', 'null', 'number'), { maxLength: 3 }),
        ),
        description: fc.constantFrom('one', 'two'),
        enum: fc.array(fc.constantFrom(1, 'a', null), { maxLength: 3 }),
        required: fc.array(word, { maxLength: 3 }),
        minimum: fc.integer({ min: 0, max: 3 }),
        maxLength: fc.integer({ min: 0, max: 3 }),
        $schema: fc.constantFrom('draft-07', '2020-12'),
        properties: fc.oneof(fc.dictionary(word, tie('schema'), { maxKeys: 3 }), fc.constant('no schema')),
        items: fc.oneof(tie('schema'), fc.array(tie('schema'), { maxLength: 2 })),
        additionalProperties: tie('schema'),
        anyOf: fc.array(tie('schema'), { maxLength: 3 }),
        'x-own': fc.constantFrom(1, null, 'text'),
      },
      { requiredKeys: [] },
    ),
  ),
})).schema
const annotations = fc.oneof(
  fc.constant(null),
  fc.record(
    {
      title: fc.constantFrom('T', 'U'),
      readOnlyHint: fc.boolean(),
      destructiveHint: fc.boolean(),
      idempotentHint: fc.boolean(),
      openWorldHint: fc.boolean(),
      other: fc.constantFrom(1, 2),
    },
    { requiredKeys: [] },
  ),
)
const tool = fc.record({
  name: fc.constantFrom('add', 'get-sum', 'read'),
  title: fc.constantFrom(null, 'T'),
  description: fc.constantFrom(null, 'Adds numbers.', 'Reads a file.'),
  inputSchema: schema,
  outputSchema: fc.oneof(fc.constant(null), schema),
  annotations,
  taskSupport: fc.constantFrom(null, 'optional' as const, 'required' as const),
})
const resource = fc.record({
  uri: fc.constantFrom('x://1', 'x://2'),
  name: fc.constantFrom('one', 'two'),
  title: fc.constant(null),
  description: fc.constantFrom(null, 'd'),
  mimeType: fc.constantFrom(null, 'text/plain'),
})

/** Any surface, from few words, so that two of them are often alike. */
export const anySurface: fc.Arbitrary<ListedSurface> = fc.record({
  instructions: fc.constantFrom(null, 'Be kind.', ''),
  tools: fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 6, arbitrary: fc.array(tool, { maxLength: 3 }) },
  ),
  prompts: fc.array(
    fc.record({
      name: fc.constantFrom('p', 'q'),
      title: fc.constant(null),
      description: fc.constantFrom(null, 'd'),
      arguments: fc.constantFrom([], [{ name: 'a', description: null, required: true }]),
    }),
    { maxLength: 2 },
  ),
  resources: fc.oneof(fc.constant(null), fc.array(resource, { maxLength: 2 })),
  templates: fc.array(resource, { maxLength: 2 }),
})
