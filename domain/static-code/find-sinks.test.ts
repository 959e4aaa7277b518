import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findSinks } from './find-sinks.ts'

function read(text: string, language: 'javascript' | 'python' = 'javascript') {
  const reading = findSinks(text, language)
  if (reading.state !== 'read') throw new Error(reading.reason)
  return reading
}

describe('what is said of a place', () => {
  test('line, kind, sink, argument, tool and the way there', () => {
    const { reached, handlers } = read(`import { execSync } from 'node:child_process'
server.registerTool('log', { inputSchema: {} }, async ({ file }) => {
  const command = \`git log \${file}\`
  return execSync(command)
})`)
    expect(handlers).toBe(1)
    expect(reached).toEqual([
      {
        line: 4,
        kind: 'command',
        sink: 'execSync',
        source: 'arguments.file',
        tool: 'log',
        confidence: 'high',
        steps: [
          { line: 2, what: 'arguments' },
          { line: 2, what: 'file' },
          { line: 3, what: 'put into a text' },
          { line: 3, what: 'command' },
          { line: 4, what: 'execSync' },
        ],
      },
    ])
  })

  test('literals are never part of it', () => {
    const text = `server.tool('a', {}, ({ x }) => eval('SECRET LITERAL' + x['SECRET KEY 1'] + table['SECRET KEY 2']))`
    expect(read(text).reached).toHaveLength(1)
    expect(JSON.stringify(read(text))).not.toContain('SECRET')
  })

  test('a handler by its shape alone is said with less confidence', () => {
    const { reached } = read(`export const t = { name: 'x', parameters: {}, execute: async (a) => eval(a.code) }`)
    expect(reached).toMatchObject([{ kind: 'code', confidence: 'medium', tool: 'x' }])
  })

  test('Python: decorator, parameter, keyword', () => {
    const { reached } = read('import os\n\n@mcp.tool()\ndef go(cmd: str):\n    os.system(command=cmd)\n', 'python')
    expect(reached).toMatchObject([{ line: 5, kind: 'command', sink: 'os.system', source: 'cmd', tool: 'go' }])
  })
})

describe('hostile files end', () => {
  const tool = "server.tool('a', {}, ({ x }) => x)"
  test.each([
    ['too deep to parse', `tool(${'['.repeat(50_000)}${']'.repeat(50_000)})`, 'nested too deep'],
    ['not a program', 'tool(', 'not valid JavaScript at line 1'],
  ])('%s', (_name, text, reason) => {
    expect(findSinks(text, 'javascript')).toEqual({ state: 'refused', reason })
  })

  test('a Python file that is none is read as far as it goes, and says so', () => {
    const { problems } = read('@mcp.tool()\ndef f(:\n  ]]]', 'python')
    expect(problems[0]).toContain('not read as Python')
    expect(() => findSinks(`tool${'('.repeat(30_000)}`, 'python')).not.toThrow()
  })

  test('functions that call each other in circles, and values that hold themselves', () => {
    const circle = `const a = { name: 'a', schema: {}, run: (x) => b(x) }; a.self = a; function b(x) { return c(x) } function c(x) { return b(x + a.self) }`
    expect(read(`${tool}\n${circle}`).reached).toEqual([])
  })

  test('work that grows without end is refused', () => {
    const many = Array.from(
      { length: 60 },
      (_, i) => `const f${i} = (x) => ${i === 0 ? 'x' : `[f${i - 1}(x), f${i - 1}(x)]`}`,
    )
    const text = `server.tool('a', {}, ({ x }) => { ${many.join('\n')}\n return f59(x) })`
    const reading = findSinks(text, 'javascript')
    expect(['read', 'refused']).toContain(reading.state)
  })

  test('any text at all', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300 }),
        fc.constantFrom('javascript' as const, 'python' as const),
        (text, language) => {
          const whole = `tool ${text}`
          expect(findSinks(whole, language)).toEqual(findSinks(whole, language))
        },
      ),
      { numRuns: 300 },
    )
  })
})
