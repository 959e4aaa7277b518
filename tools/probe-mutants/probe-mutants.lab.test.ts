import { sandboxHere } from '@upkeep/lab/servers/under-test'
import { expect, test } from 'vitest'
import { answers, probeTests, runMutants } from './run-mutants.ts'

const isolates = !('state' in (await sandboxHere()))

test.skipIf(!isolates)('a probe of bytes whose body is taken out turns its own tests red as well', async () => {
  const found = await runMutants('lab')
  expect(found).toEqual(probeTests('lab').map((file) => ({ file, caught: answers, survived: 0, skipped: 0 })))
})
