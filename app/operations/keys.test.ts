import { madePasskey } from '@upkeep/engine/kernel/testing/made-passkey'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { approve } from './approve.ts'
import type { Context, PasskeyDoor } from './context.ts'
import { keys } from './keys.ts'
import { codeOf } from './passkey-offers.ts'
import { presentPerson } from './person.cases.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { runOperation } from './run-operation.ts'

const origin = 'http://localhost:7420'

/** Somebody in a browser whose authenticator holds these passkeys, and signs whatever it is asked. */
function browser(own: readonly ReturnType<typeof madePasskey>[], at = origin): PasskeyDoor {
  return {
    origin: at,
    keyOf: ([line = '']) => ({
      line,
      presence: 'passkey',
      sign: async (text) => own.find((one) => one.line === line)?.sign(text) ?? '',
    }),
  }
}

async function inBrowser(product: TestProduct, passkeys: PasskeyDoor, input: Record<string, unknown>) {
  const answer = await product.within((context: Context) => runOperation(keys, { ...context, passkeys }, input))
  const { stamps: _, ...output } = z.looseObject({}).parse(answer.output)
  return keys.output.parse(output)
}

test('beside an SSH key a passkey counts once that key signed for it at a terminal, where its code is shown', async () => {
  const person = presentPerson()
  const shown: string[] = []
  const product = testProduct({}, { ...person, show: (text) => void shown.push(text) })
  product.write('upkeep.yaml', 'version: 1\npeople:\n  - { id: ada, name: Ada, roles: [approver] }\n')
  await product.run(approve, { change: 'policies', key: 'k' })
  const passkey = madePasskey(origin)
  const offered = await inBrowser(product, browser([passkey]), { passkey: passkey.offered })
  expect(offered.keys.map(({ kind }) => kind)).toEqual(['ssh-key'])
  expect(offered.waiting).toMatchObject({ code: codeOf(passkey.line), command: 'upkeep approve passkey' })

  // A key that is not in force signs for nothing.
  const stranger = presentPerson()
  const refused = product.run(approve, { change: 'passkey', key: 'k' }, undefined, stranger)
  await expect(refused).rejects.toMatchObject({ code: 'not-allowed' })

  await product.run(approve, { change: 'passkey', key: 'k' })
  expect(shown.join('')).toContain(codeOf(passkey.line))
  const { output } = await product.run(keys)
  expect(output.keys).toMatchObject([
    { kind: 'ssh-key', vouched: false, origin: null },
    { kind: 'passkey', vouched: true, origin },
  ])
  expect(output.waiting).toBeNull()
  await expect(product.run(approve, { change: 'passkey', key: 'k' })).rejects.toMatchObject({ code: 'not-found' })
})

test('what waits for an SSH key waits for an hour', async () => {
  const product = testProduct({}, presentPerson())
  product.write('upkeep.yaml', 'version: 1\npeople:\n  - { id: ada, name: Ada, roles: [approver] }\n')
  await product.run(approve, { change: 'policies', key: 'k' })
  const passkey = madePasskey(origin)
  await inBrowser(product, browser([passkey]), { passkey: passkey.offered })
  product.clock.advance(61 * 60_000)
  expect((await product.run(keys)).output.waiting).toBeNull()
  await expect(product.run(approve, { change: 'passkey', key: 'k' })).rejects.toMatchObject({ code: 'not-found' })
})

test('a passkey that does not sign for itself, one for an address, and one without a browser are not enrolled', async () => {
  const product = testProduct()
  const [one, two] = [madePasskey(origin), madePasskey(origin)]
  const asked = { passkey: one.offered }
  const other: PasskeyDoor = {
    origin,
    keyOf: () => ({ line: '', presence: 'passkey', sign: async (t) => two.sign(t) }),
  }
  await expect(inBrowser(product, other, asked)).rejects.toMatchObject({ code: 'not-allowed' })
  const byAddress = browser([one], 'http://127.0.0.1:7420')
  await expect(inBrowser(product, byAddress, asked)).rejects.toMatchObject({
    code: 'not-allowed',
    action: expect.stringContaining('http://localhost:7420'),
  })
  await expect(product.run(keys, asked)).rejects.toMatchObject({ code: 'needs-a-person' })
  expect((await product.run(keys)).output.keys).toEqual([])
})
