import { expect, test } from 'vitest'
import type { Call } from '../http/work/messages.ts'
import { operations } from '../operations/table.ts'
import { answerTool, dataNote } from './answer-tool.ts'
import { doorTools } from './tools.ts'

const caller = { person: 'ada', roles: ['viewer'] as const, agent: true }

async function asked(name: string, given: Record<string, unknown>, body: unknown = {}) {
  const tool = doorTools(operations).find((one) => one.name === name)
  if (tool === undefined) throw new Error(`no tool ${name}`)
  const calls: Call[] = []
  const { answer, outcome } = await answerTool(tool, given, {
    caller,
    run: async (call) => {
      calls.push(call)
      return { state: 'answered', body: JSON.stringify(body), tag: null, outcome: null, replayed: false }
    },
  })
  return { answer, outcome, call: calls[0] }
}

test('what is hidden is shown in the text and in the structured content, and the data is said to be data', async () => {
  const name = 'fs\u200b\u202eevil\u{e0041}\u001b[2J'
  const { answer } = await asked('servers', {}, { servers: [{ name, 'key\u200b': 1 }] })
  expect(answer.content[0]).toEqual({ type: 'text', text: dataNote })
  const shown = { name: 'fs⟨U+200B⟩⟨U+202E⟩evil⟨U+E0041⟩⟨U+001B⟩[2J', 'key⟨U+200B⟩': 1 }
  expect(answer.structuredContent).toEqual({ servers: [shown] })
  expect(JSON.parse(answer.content[1]?.text ?? '')).toEqual({ servers: [shown] })
})

test('texts are bounded, and an answer that is too large is refused with what to do', async () => {
  const long = await asked('servers', {}, { servers: ['x'.repeat(100_000)] })
  expect(JSON.stringify(long.answer.structuredContent).length).toBeLessThan(21_000)
  const many = await asked('servers', {}, { servers: Array.from({ length: 10_000 }, () => 'x'.repeat(60)) })
  expect(many).toMatchObject({ outcome: 'too-large', answer: { isError: true } })
  expect(many.answer.content[1]?.text).toContain('Ask for less')
})

test('words of a page go to the page, all others to the operation; a page that is none is refused', async () => {
  const { call } = await asked('findings', { about: 'fs', count: 5, search: 'x' })
  expect(call).toMatchObject({
    effect: 'read',
    input: { about: 'fs' },
    page: { offset: 0, count: 5, search: 'x', sort: null },
  })
  const wrong = await asked('findings', { count: 100_000 })
  expect(wrong).toMatchObject({ outcome: 'bad-input', call: undefined, answer: { isError: true } })
})
