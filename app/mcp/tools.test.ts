import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { operations } from '../operations/table.ts'
import { doorTools } from './tools.ts'

const tools = doorTools(operations)
const isTool = (id: string) => tools.some(({ one }) => one.operation.id === id)

test('no operation of the table that writes, decides, or takes more than looking is a tool', () => {
  const asked = tools.map(({ one }) => one)
  expect(asked.filter(({ effect, role }) => effect !== 'read' || role !== 'viewer')).toEqual([])
  const terminal = operations.filter(({ at }) => at === 'terminal').map(({ id }) => id)
  const writing = operations
    .filter(({ effect, readsWithout }) => effect === 'write' && readsWithout === undefined)
    .map(({ id }) => id)
  expect([...terminal, ...writing].filter(isTool)).toEqual([])
  for (const id of ['accept', 'approve', 'attest', 'baseline.accept', 'emergency', 'fix', 'login', 'undo', 'serve'])
    expect([id, isTool(id)]).toEqual([id, false])
})

test('of an operation that writes only with certain words, a tool has none of these, and it decides nothing', () => {
  for (const { one, inputSchema } of tools) {
    const words = Object.keys(Object(inputSchema.properties))
    expect(words.filter((word) => one.operation.readsWithout?.includes(word) === true)).toEqual([])
    if (one.operation.readsWithout !== undefined) expect(one.operation.decides?.({})).not.toBe(true)
  }
})

test('what an agent asks is among them, and every name is one that any client takes', () => {
  expect(['may-use', 'notices', 'what-changed', 'findings', 'servers', 'changes'].filter((id) => !isTool(id))).toEqual(
    [],
  )
  const names = tools.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(names.filter((name) => !/^[a-z][a-z_-]{0,40}$/.test(name))).toEqual([])
})

test('a foreign judge takes every schema, and what is listed is of a size that an agent can bear', () => {
  const judge = new Ajv2020({ strict: false, validateFormats: false })
  for (const { inputSchema, outputSchema } of tools) {
    expect(judge.compile(inputSchema)).toBeTypeOf('function')
    expect(judge.compile(outputSchema)).toBeTypeOf('function')
  }
  const asked = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))
  expect(JSON.stringify(asked).length).toBeLessThan(30_000)
})
