import { describe, expect, test } from 'vitest'
import { accept } from './accept.ts'
import { baselineAccept } from './baseline-accept.ts'
import { baselineShow } from './baseline-show.ts'
import { findings } from './findings.ts'
import { inbox } from './inbox.ts'
import { presentPerson } from './person.cases.ts'
import { testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import { verify } from './verify.ts'

describe('decisions', () => {
  test('an unapproved state waits in the inbox, can be put off, and is approved by "yes"', async () => {
    const product = testProduct()
    product.declare({ one: 'read', two: 'read' })
    await product.run(scan)
    const waiting = (await product.run(inbox)).output.items.filter((item) => item.kind === 'approve-state')
    expect(waiting.map((item) => item.subject).sort()).toEqual(['one', 'two'])
    const [one, two] = waiting.sort((a, b) => (a.subject < b.subject ? -1 : 1))
    await product.run(inbox, { answer: 'later', id: two?.id, until: '7d' })
    expect((await product.run(inbox)).output.items.map((item) => item.id)).not.toContain(two?.id)
    expect((await product.run(inbox, { all: true })).output.items.map((item) => item.id)).toContain(two?.id)
    product.clock.advance(9 * 86_400)
    expect((await product.run(inbox)).output.items.map((item) => item.id)).toContain(two?.id)
    expect((await product.run(inbox, { answer: 'why', id: one?.id })).output.done).toContain('nobody can tell')
    await product.run(inbox, { answer: 'yes', id: one?.id, reason: 'as set up' })
    // It is judged against that from the next run on, and asked for no longer at once.
    expect((await product.run(inbox)).output.items.map((item) => item.id)).not.toContain(one?.id)
    const approved = (await product.run(baselineShow)).output.servers
    expect(approved).toMatchObject([{ subject: { name: 'one' }, by: 'ada', reason: 'as set up' }])
    expect((await product.run(verify)).output.evidence.valid).toBe(true)
  })

  test('drift waits until it is approved, and then the finding is resolved by the next run', async () => {
    const product = testProduct({}, presentPerson())
    product.declare({ one: 'read' })
    await product.run(scan)
    await product.run(baselineAccept, { reason: 'first' })
    await product.run(scan)
    expect((await product.run(findings)).output.findings).toEqual([])
    product.declare({ one: 'write' })
    await product.run(scan)
    const drift = (await product.run(inbox)).output.items.find((item) => item.kind === 'drift')
    expect(drift?.subject).toBe('one')
    await product.run(inbox, { answer: 'yes', id: drift?.id, reason: 'meant', key: 'k' })
    await product.run(scan)
    expect((await product.run(findings)).output.findings).toEqual([])
    const states = (await product.run(findings, { resolved: true })).output.findings.map((one) => one.finding.state)
    expect(new Set(states)).toEqual(new Set(['resolved']))
  })

  test('an acceptance counts until its day, is asked about before, and can be extended', async () => {
    const product = testProduct({}, presentPerson())
    product.declare({ one: 'read' })
    await product.run(scan)
    await product.run(baselineAccept)
    product.declare({ one: 'write' })
    expect((await product.run(scan)).outcome).toBe('findings')
    await product.run(accept, { finding: 'one', all: true, until: '20d', reason: 'a trial', key: 'k' })
    expect((await product.run(findings)).outcome).not.toBe('findings')
    expect((await product.run(inbox)).output.items.some((item) => item.kind === 'acceptance-expires')).toBe(false)
    product.clock.advance(10 * 86_400)
    const asked = (await product.run(inbox)).output.items.filter((item) => item.kind === 'acceptance-expires')
    expect(asked.length).toBeGreaterThan(0)
    for (const item of asked) await product.run(inbox, { answer: 'yes', id: item.id })
    product.clock.advance(20 * 86_400)
    expect((await product.run(findings)).outcome).not.toBe('findings')
    product.clock.advance(20 * 86_400)
    expect((await product.run(findings)).outcome).toBe('findings')
  })

  test('nobody approves what is not there any more: what was edited since is looked at first', async () => {
    const product = testProduct()
    product.declare({ one: 'read', two: 'read' })
    await product.run(scan)
    product.declare({ one: 'write', two: 'read' })
    await expect(product.run(baselineAccept)).rejects.toMatchObject({ code: 'look-outdated' })
    await expect(product.run(baselineAccept, { servers: ['one'] })).rejects.toThrow(/entry of one is not as it was/)
    const asked = (await product.run(inbox)).output.items.find((item) => item.kind === 'approve-state')
    await expect(product.run(inbox, { answer: 'yes', id: asked?.id })).rejects.toMatchObject({ code: 'look-outdated' })
    expect((await product.run(baselineAccept, { servers: ['two'] })).output.baseline.servers).toHaveLength(1)
    await product.run(scan)
    // Seen as it is: what it takes now is what any difference takes.
    await expect(product.run(baselineAccept)).rejects.toMatchObject({ code: 'needs-a-person' })
  })

  test('what is critical is accepted, and explained away, by nobody who was not there', async () => {
    const product = testProduct()
    product.declare({ one: 'read' })
    await product.run(scan)
    await product.run(baselineAccept)
    product.declare({ one: 'write' })
    await product.run(scan)
    const asked = { finding: 'one', all: true, until: '20d', reason: 'a trial' }
    await expect(product.run(accept, asked)).rejects.toMatchObject({ code: 'needs-a-person' })
    await expect(product.run(baselineAccept, { reason: 'meant' })).rejects.toMatchObject({ code: 'needs-a-person' })
    const drift = (await product.run(inbox)).output.items.find((item) => item.kind === 'drift')
    await expect(product.run(inbox, { answer: 'yes', id: drift?.id })).rejects.toMatchObject({ code: 'needs-a-person' })
    expect((await product.run(findings)).outcome).toBe('findings')
  })

  test.each([
    [{ until: '2026-11-01', reason: 'x' }, /over/],
    [{ until: '2028-01-01', reason: 'x' }, /year/],
    [{ until: '30d' }, /reason/],
    [{ withdraw: true }, /No acceptance/],
  ])('an acceptance of %o is refused, and nothing is written', async (asked, message) => {
    const product = testProduct()
    product.declare({ one: 'read' })
    await product.run(scan)
    await product.run(baselineAccept)
    product.declare({ one: 'write' })
    await product.run(scan)
    await expect(product.run(accept, { finding: 'one', all: true, ...asked })).rejects.toThrow(message)
    const held = (await product.run(findings, { accepted: true })).output.findings
    expect(held).toEqual([])
  })

  test.each(['no', 'later'] as const)(
    'who may only look takes no question away from the others by "%s"',
    async (answer) => {
      const product = testProduct()
      product.declare({ one: 'read' })
      product.write(
        'upkeep.yaml',
        'version: 1\npeople:\n  - { id: eve, name: Eve, roles: [viewer, auditor] }\n  - { id: bob, name: Bob, roles: [operator] }\n',
      )
      await product.run(scan)
      const asked = async () =>
        (await product.run(inbox)).output.items.find((item) => item.kind === 'approve-state')?.id
      const id = await asked()
      for (const person of ['eve', 'stranger'])
        await expect(product.run(inbox, { answer, id }, person)).rejects.toMatchObject({ code: 'not-allowed' })
      expect(await asked()).toBe(id)
      await product.run(inbox, { answer, id }, 'bob')
      expect(await asked()).toBeUndefined()
    },
  )

  test('where people are named a decision takes the role, and looking takes none', async () => {
    const product = testProduct()
    product.declare({ one: 'read' })
    product.write(
      'upkeep.yaml',
      'version: 1\npeople:\n  - {id: ada, name: Ada, roles: [operator]}\n  - {id: bo, name: Bo, roles: [approver]}\n',
    )
    await product.run(scan)
    await expect(product.run(baselineAccept)).rejects.toMatchObject({ code: 'not-allowed' })
    const item = (await product.run(inbox)).output.items.find((one) => one.kind === 'approve-state')
    await expect(product.run(inbox, { answer: 'yes', id: item?.id })).rejects.toMatchObject({ code: 'not-allowed' })
    await expect(product.run(baselineAccept, {}, 'nobody')).rejects.toMatchObject({ code: 'not-allowed' })
    expect((await product.run(baselineAccept, {}, 'bo')).output.baseline.signer.person).toBe('bo')
  })
})
