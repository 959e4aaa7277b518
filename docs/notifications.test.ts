import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { UpkeepFile } from '../contract/index.ts'

const page = readFileSync(join(import.meta.dirname, 'notifications.md'), 'utf8')

test('the example of notifications is one that upkeep takes', () => {
  const example = /```yaml\n([\s\S]+?)```/.exec(page)?.[1] ?? ''
  const file = UpkeepFile.parse(parse(example))
  expect(file.notify).toHaveLength(6)
  expect(file.heartbeat).toEqual({ url: 'env:HEARTBEAT_URL', method: 'POST' })
})
