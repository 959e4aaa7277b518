import { describe, expect, test } from 'vitest'
import { findSinks } from '../find-sinks.ts'

function read(text: string, language: 'javascript' | 'python' = 'javascript') {
  const reading = findSinks(text, language)
  if (reading.state !== 'read') throw new Error(reading.reason)
  return { unread: reading.unread, texts: reading.texts.map(({ line, where, text }) => `${line} ${where}: ${text}`) }
}

describe('what a server lists, out of its source', () => {
  test.each([
    ['tool', `s.tool('run', 'Runs it.', { a: z.string().describe('The a.') }, f)`, ['run', 'Runs it.', 'The a.']],
    ['a name for the text', `const d = 'Runs ' + "it."\ns.tool('run', d, f)`, ['run', 'Runs it.']],
    ['a record of texts', `const t = { run: 'Runs it.' }\ns.tool('run', t.run, f)`, ['run', 'Runs it.']],
    [
      'members of an enumeration',
      `(function (N) { N["RUN"] = "run" })(N || (N = {}))\nx = [{ name: N.RUN, description: 'Runs it.', inputSchema: s }]\ntool()`,
      ['run', 'Runs it.'],
    ],
    ['lines that are joined', `s.tool('run', ['Runs', 'it.'].join(' '), () => 1)`, ['run', 'Runs it.']],
    [
      'registerTool',
      `s.registerTool('run', { title: 'Run', description: \`Runs it.\`, inputSchema: schema }, f)`,
      ['run', 'Run', 'Runs it.'],
    ],
    ['prompt', `s.registerPrompt('p', { description: 'Asks.' }, f)`, ['p', 'Asks.']],
    ['resource', `s.resource('r', 'r://x', { description: 'Holds.' }, f)`, ['r', 'r://x', 'Holds.']],
    ['instructions', `new McpServer({ name: 'x' }, { instructions: 'First the tool.' })`, ['First the tool.']],
    [
      'an answer to tools/list',
      `s.setRequestHandler(L, () => ({ tools: [{ name: 'run', description: 'Runs it.',
         inputSchema: { type: 'object', properties: { name: { description: 'The a.' } } } }] }))`,
      ['run', 'Runs it.', 'object', 'The a.'],
    ],
  ])('%s', (_, text, expected) => {
    const found = read(text)
    expect(found.texts.map((one) => one.replace(/^.*?: /s, ''))).toEqual(expected)
    expect(found.unread).toEqual([])
  })

  test('Python: docstrings, decorators, parameters, Tool', () => {
    const found = read(
      `mcp = FastMCP("x", instructions="Be kind.")
@mcp.tool()
def run(cmd: Annotated[str, Field(description="The cmd.")], n: int = Field(1, description="How many.")):
    """Runs\\u200b it."""
@mcp.tool(name="other", description="Does it.")
def f(x): return x
@server.list_tools()
async def tools():
    return [types.Tool(name="third", description="A " "b.", inputSchema={"a": {"description": "The a."}})]
@server.call_tool()
async def call(name, arguments):
    """Not listed."""`,
      'python',
    )
    expect(found).toEqual({
      unread: [],
      texts: [
        '1 instructions: Be kind.',
        '3 tool run, name: run',
        '4 tool run, description: Runs\u200b it.',
        '3 tool run, inputSchema.cmd: Annotated[str, Field(description="The cmd.")]',
        '3 tool run, inputSchema.n: 1',
        '3 tool run, inputSchema.n.description: How many.',
        '5 tool other, name: other',
        '5 tool other, description: Does it.',
        '9 tool third, name: third',
        '9 tool third, description: A b.',
        '9 tool third, inputSchema.a.description: The a.',
      ],
    })
  })

  test.each([
    ['a name from elsewhere', `s.tool('run', DESCRIPTION, {}, f)`],
    ['a text with a hole', `s.tool('run', 'Runs ' + it(), {}, f)`],
    ['a call', `s.registerTool('run', { description: words() }, f)`],
    ['a loop over tools', `for (const t of tools) s.tool(t.name, t.description, t.schema, t.run)`],
    ['a name that is given two values', `let d = 'a tool'\nd = other\ns.tool('run', d, {}, f)`],
    ['a text longer than is read', `s.tool('run', '${'long '.repeat(2_000)}', {}, f)`],
  ])('what is no literal is said: %s', (_, text) => expect(read(text).unread).toHaveLength(1))

  test('what is no registration lists nothing', () => {
    const shape = 'const Tool = z.object({ name: z.string(), description: z.string(), inputSchema: z.any() })'
    expect(read(shape)).toEqual({ unread: [], texts: [] })
    expect(read(`const tool = { name: 'x', description: 'y' }\nlog.tool('a')\nexecute('tool', 'text')`)).toEqual({
      unread: [],
      texts: [],
    })
  })

  test('texts of texts end', () => {
    const lines = Array.from({ length: 40 }, (_, at) => `const a${at + 1} = [a${at}, a${at}, a${at}].join(a${at})`)
    const text = `const a0 = 'tool'\n${lines.join('\n')}\ns.tool('run', a40, [a40, a39], f)`
    expect(read(text).unread.length).toBeGreaterThan(0)
  })
})
