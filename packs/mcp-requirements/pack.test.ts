import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RequirementSet } from '@upkeep/contract/observations/requirement-set'
import { expect, test } from 'vitest'

const bytes = (name: string) => readFileSync(join(import.meta.dirname, name))

test('the manifest names the requirements by their digest', () => {
  const digest = createHash('sha256').update(bytes('requirements.json')).digest('hex')
  const manifest: unknown = JSON.parse(bytes('manifest.json').toString('utf8'))
  expect(manifest).toMatchObject({ id: 'mcp-requirements', digest })
})

test('each requirement has an id of its own, cites its sentence, and is judged by one thing', () => {
  const { requirements } = RequirementSet.parse(JSON.parse(bytes('requirements.json').toString('utf8')))
  const ids = requirements.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(new Set(requirements.map(({ check }) => JSON.stringify(check))).size).toBe(ids.length)
  for (const { cites } of requirements) expect(cites).toMatch(/MCP|RFC|OAuth/)
})
