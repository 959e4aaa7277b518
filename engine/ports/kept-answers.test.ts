import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openAnswers } from './kept-answers.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-answers-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const answer = { etag: '"x"', at: '2026-11-22T09:00:00.000Z', text: '{"a":1}' }

test('an answer is there for the next process, for its own question, and for the owner alone', () => {
  const folder = join(root, 'kept')
  openAnswers(folder).keep('what is a', answer)
  expect(openAnswers(folder).recall('what is a')).toEqual(answer)
  expect(openAnswers(folder).recall('what is b')).toBeNull()
  const [name = ''] = readdirSync(folder)
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
})

test('one that was altered, or put under another question, is gone', () => {
  const folder = join(root, 'altered')
  const answers = openAnswers(folder)
  answers.keep('what is a', answer)
  const [a = ''] = readdirSync(folder)
  answers.keep('what is b', { ...answer, text: 'b' })
  const b = readdirSync(folder).find((name) => name !== a) ?? ''
  writeFileSync(join(folder, a), readFileSync(join(folder, b)))
  expect(answers.recall('what is a')).toBeNull()
  writeFileSync(join(folder, b), `${readFileSync(join(folder, b), 'utf8')} `)
  expect(answers.recall('what is b')).toBeNull()
})

test('what is too large is not kept', () => {
  const folder = join(root, 'large')
  openAnswers(folder).keep('what is a', { ...answer, text: 'x'.repeat(5 << 20) })
  expect(openAnswers(folder).recall('what is a')).toBeNull()
})
