import { expect, test } from 'vitest'
import { operations } from '../operations/table.ts'
import { helpFor } from './help-for.ts'

test.each([
  ['feeds', ['upkeep feeds import', 'upkeep feeds export']],
  ['feeds import', ['upkeep feeds export']],
  ['feeds export', ['upkeep feeds import']],
])('the help of %s leads to the others of its family', (topic, others) => {
  const [, further = ''] = helpFor(operations, topic).split('See also:')
  for (const other of others) expect(further).toContain(`${other} `)
})

test('a command without others of its family names none', () => {
  expect(helpFor(operations, 'findings')).not.toContain('See also')
})
