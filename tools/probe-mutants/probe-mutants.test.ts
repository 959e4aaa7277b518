import { expect, test } from 'vitest'
import { mutateProbe } from './mutate-probe.ts'
import { answers, probeTests, runMutants } from './run-mutants.ts'

test('a probe whose body is taken out turns its own tests red, whatever it then says of every target', async () => {
  const found = await runMutants('unit')
  expect(found).toEqual(probeTests('unit').map((file) => ({ file, caught: answers, survived: 0, skipped: 0 })))
}, 120_000)

test.each([
  ['a probe of an endpoint', 'export const tls = defineProbe({ async attempt() {} })', true],
  ['a probe of bytes, with its type', 'export const link: ServerProbe = defineServerProbe({})', true],
  ['anything else', 'export const attempt = () => null', false],
])('the body is taken out of %s: %s', (_what, source, taken) => {
  const mutant = mutateProbe(source, 'held')
  expect(mutant?.includes('bodiless(') ?? false).toBe(taken)
  expect(mutant ?? '').not.toContain('define')
})
