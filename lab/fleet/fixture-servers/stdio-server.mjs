// A real MCP server over stdio without any dependency, so that a fixture is one small tarball. Copied into each fixture when it is packed.
import { createInterface } from 'node:readline'

const spoken = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05']

/** Serves until standard input closes. `tools` is called anew for every list; each tool has a `run` that answers with text. */
export function serve({ name, version, instructions, tools }) {
  const answers = {
    initialize: ({ protocolVersion }) => ({
      protocolVersion: spoken.includes(protocolVersion) ? protocolVersion : spoken[0],
      capabilities: { tools: { listChanged: false } },
      serverInfo: { name, version },
      ...(instructions && { instructions }),
    }),
    ping: () => ({}),
    'tools/list': () => ({ tools: tools().map(({ run, ...listed }) => listed) }),
    'tools/call': (params) => call(tools(), params),
  }
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const message = parsed(line)
    if (message?.id === undefined) return
    process.stdout.write(
      `${JSON.stringify({ jsonrpc: '2.0', id: message.id, ...(await answerTo(answers, message)) })}\n`,
    )
  })
}

async function answerTo(answers, { method, params }) {
  const answer = Object.hasOwn(answers, method) ? answers[method] : null
  if (!answer) return { error: { code: -32601, message: 'Method not found' } }
  return { result: await answer(params ?? {}) }
}

async function call(tools, { name, arguments: given }) {
  const tool = tools.find((one) => one.name === name)
  const text = (value) => [{ type: 'text', text: String(value) }]
  if (!tool) return { content: text('no such tool'), isError: true }
  try {
    return { content: text(await tool.run(given ?? {})) }
  } catch (error) {
    return { content: text(error instanceof Error ? error.message : error), isError: true }
  }
}

function parsed(line) {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** The input schema of a tool that takes these strings. */
export function strings(...names) {
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    required: names,
  }
}
