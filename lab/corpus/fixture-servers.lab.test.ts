import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { findPoison } from '@upkeep/domain/poisoned-metadata/find-poison'
import { expect, inject, test } from 'vitest'

/** What a fixture server lists, read by somebody else's client. */
async function found(name: string) {
  const script = inject('fleet').fixtures.find((fixture) => fixture.name === name)?.script
  if (script === undefined) throw new Error(`no fixture ${name}`)
  const client = new Client({ name: 'lab', version: '1.0.0' })
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [script] }))
  try {
    const { tools } = await client.listTools()
    const listed = tools.map((tool) => ({
      name: tool.name,
      title: tool.title ?? null,
      description: tool.description ?? null,
      inputSchema: tool.inputSchema,
      outputSchema: tool.outputSchema ?? null,
      annotations: tool.annotations ?? null,
    }))
    return findPoison({ tools: listed, instructions: client.getInstructions() ?? null }).found
  } finally {
    await client.close()
  }
}

test('the poisoned server is found by its zero-width characters, its order about another tool and its secrecy', async () => {
  const kinds = (await found('poison')).map(({ where, kind }) => `${kind} in ${where}`)
  expect(kinds.sort()).toEqual([
    'cross-tool in tool forecast, description',
    'hidden-characters in instructions',
    'hidden-characters in tool forecast, description',
    'secrecy in tool forecast, description',
  ])
})

test('the server that is full of the same words is not', async () => {
  expect(await found('nearmiss')).toEqual([])
})
