import { ToolSurface } from '@upkeep/contract/observations/tool-surface'
import { expect, test } from 'vitest'
import { listed } from '../tool-surface/testing/listed.ts'
import { wayBackTest } from './way-back-test.ts'

const surface = ToolSurface.parse({
  transport: 'stdio',
  era: 'initialize',
  protocolVersion: null,
  serverInfo: null,
  instructions: null,
  tools: [listed()],
  prompts: [],
  resources: [],
  templates: [],
  capabilities: [],
  timesListed: 1,
  toolsLater: null,
  why: '',
  truncated: false,
})

test('the version of before that started is a way back that was walked', () => {
  expect(wayBackTest({ server: 'fs', was: surface })).toMatchObject({
    name: 'fs: way back',
    outcome: 'passed',
    detail: expect.stringContaining('and lists 1 tools'),
  })
})

test('one that was not seen to start says why, and holds nothing back', () => {
  expect(wayBackTest({ server: 'fs', was: 'nobody has let it be run' })).toMatchObject({
    outcome: 'not-run',
    detail: expect.stringContaining('nobody has let it be run'),
  })
})
