import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { UpkeepFile } from '../contract/index.ts'
import { trackerKind, trackerPlace } from '../domain/tickets/covered-by.ts'

const page = readFileSync(join(import.meta.dirname, 'tickets.md'), 'utf8')

test('the example of tickets is one that upkeep takes', () => {
  const example = /```yaml\n([\s\S]+?)```/.exec(page)?.[1] ?? ''
  const { tickets } = UpkeepFile.parse(parse(example))
  expect(tickets.map((one) => `${trackerKind(one)}: ${trackerPlace(one)}`)).toEqual([
    'servicenow: example.service-now.com change_request',
    'jira: example.atlassian.net OPS',
    'jira: jira.corp.example LEGACY',
    'gitlab: gitlab.com infra/mcp',
    'github: api.github.com example/mcp',
  ])
})

test('the page says what was not tried, and that a ticket decides nothing', () => {
  expect(page).toContain('**Untested against the real services**')
  expect(page).toContain('**A ticket decides nothing.**')
})
