import { EntryChange } from '@upkeep/contract/entry-change'
import type { DeclaredServer, SafeValue } from '@upkeep/contract/observations/declared-server'
import { plainServer } from '@upkeep/contract/testing/plain-server'
import { compareDeclared } from '@upkeep/domain/server-diff/compare-declared'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entryChanges, fitsArguments, withDifference } from './entry-change.ts'

const plain = (text: string): SafeValue => ({ kind: 'plain', text })
const hidden = (fingerprint: string): SafeValue => ({ kind: 'hidden', secret: 'none', length: 20, fingerprint })
const before: DeclaredServer = {
  ...plainServer,
  transport: 'stdio',
  command: plain('npx'),
  args: [plain('a'), hidden('1111111111111111')],
  env: { TOKEN: hidden('2222222222222222'), MODE: plain('read') },
}
const named = { path: before.path, server: before.name, project: null }

function changed(is: Partial<DeclaredServer>) {
  const [only, ...others] = entryChanges([before], [{ ...before, ...is }])
  expect(others).toEqual([])
  return only
}

describe('what a change makes of entries', () => {
  test('one that stays as it is is left out, one that comes is told whole, one that goes by its name', () => {
    expect(entryChanges([before], [before])).toEqual([])
    expect(entryChanges([], [before])).toEqual([{ kind: 'added', ...named, is: before }])
    expect(entryChanges([before], [])).toEqual([{ kind: 'removed', ...named }])
  })

  test('two of one name cannot be told apart: neither is told of', () => {
    expect(entryChanges([before, before], [before])).toEqual([{ kind: 'added', ...named, is: before }])
    expect(entryChanges([before], [before, before])).toEqual([{ kind: 'removed', ...named }])
  })

  test('of variables only the names that differ', () => {
    expect(changed({ env: { TOKEN: hidden('2222222222222222'), MODE: plain('write') } })).toEqual({
      kind: 'changed',
      ...named,
      was: { env: { MODE: plain('read') } },
      is: { env: { MODE: plain('write') } },
    })
  })
})

describe('an approved entry as a change left it', () => {
  const one = changed({ args: [plain('a'), hidden('3333333333333333')], env: { MODE: plain('read') } })
  if (one?.kind !== 'changed') throw new Error('it has changed')

  test('becomes what the change made of it', () => {
    expect(withDifference(before, one)).toEqual({
      ...before,
      args: [plain('a'), hidden('3333333333333333')],
      env: { MODE: plain('read') },
    })
    expect(fitsArguments(before, one.was)).toBe(true)
  })

  test('a part that is not as the change found it stays as it is', () => {
    const other: DeclaredServer = { ...before, args: [plain('b')], env: { TOKEN: hidden('9999999999999999') } }
    expect(withDifference(other, one)).toEqual(other)
    expect(fitsArguments(other, one.was)).toBe(false)
  })

  test('what else is in it stays', () => {
    const more: DeclaredServer = { ...before, env: { ...before.env, EXTRA: plain('1') }, autoApprove: ['read'] }
    expect(withDifference(more, one)).toMatchObject({
      env: { MODE: plain('read'), EXTRA: plain('1') },
      autoApprove: ['read'],
    })
  })
})

test('whatever becomes of an entry, the one of before is the one of after by it', () => {
  const value = fc.oneof(
    fc.constantFrom('', 'a', 'b').map((text): SafeValue => (text === '' ? { kind: 'empty' } : plain(text))),
    fc.constantFrom('1', '2').map((digit) => hidden(digit.repeat(16))),
  )
  const map = fc.dictionary(fc.constantFrom('A', 'B', '__proto__', 'constructor'), value)
  const entry = fc
    .record({
      args: fc.array(value),
      env: map,
      headers: map,
      disabled: fc.boolean(),
      cwd: fc.option(fc.constant('/c')),
    })
    .map((parts): DeclaredServer => ({ ...plainServer, ...parts }))
  fc.assert(
    fc.property(entry, entry, (was, is) => {
      const [one] = entryChanges([was], [is])
      if (one !== undefined) EntryChange.parse(one)
      const left = one?.kind === 'changed' ? withDifference(was, one) : was
      expect(compareDeclared(left, is)).toEqual([])
    }),
  )
})
