import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { questionLog } from './question-log.ts'

const now = () => new Date('2026-11-27T09:00:00.000Z')
const question = {
  door: 'stdio' as const,
  person: 'ada',
  client: { name: 'agent\n{"at":"forged"}', version: '1' },
  tool: 'findings',
  given: { about: 'sk-live-1234567890' },
  outcome: 'answered',
}

test('a question is one line, with what was asked as a keyed hash only, for its owner alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'questions-'))
  const log = questionLog(folder, now)
  log.add(question)
  log.add({ ...question, given: { about: 'other' }, client: null })
  const path = join(folder, 'mcp-questions.jsonl')
  const text = readFileSync(path, 'utf8')
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toMatchObject([
    { at: '2026-11-27T09:00:00.000Z', door: 'stdio', person: 'ada', tool: 'findings', outcome: 'answered' },
    { client: null },
  ])
  expect(lines[0].client.name).toBe('agent⟨U+000A⟩{"at":"forged"}')
  expect(text).not.toContain('sk-live')
  expect(lines[0].arguments).toMatch(/^[0-9a-f]{16}$/)
  expect(lines[0].arguments).not.toBe(lines[1].arguments)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('full files are put aside, and only three of them are kept', () => {
  const folder = mkdtempSync(join(tmpdir(), 'questions-'))
  const log = questionLog(folder, now, 100)
  for (let count = 0; count < 8; count += 1) log.add({ ...question, outcome: `number-${count}` })
  const of = (name: string) => readFileSync(join(folder, name), 'utf8')
  expect(of('mcp-questions.jsonl')).toContain('number-7')
  expect(of('mcp-questions.jsonl.3')).toContain('number-4')
  expect(existsSync(join(folder, 'mcp-questions.jsonl.4'))).toBe(false)
})
