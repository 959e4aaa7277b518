import { describe, expect, test } from 'vitest'
import { dependencyManagement } from './duty.ts'
import { health, listed, named, notAsked, npx, pkg, registry, resolved } from './testing/given.ts'

const bare = listed(
  'mcp-remote',
  ['0.1.15', '0.1.16', '0.2.0'].map((version) => ({ version, signed: false, publishedAt: '2026-11-20T10:00:00Z' })),
)
const { maintainers: _, ...withoutPeople } = bare
const remote = pkg('mcp-remote', '0.1.16')
const seen = {
  declared: npx('0.1.16'),
  resolved: resolved('0.1.16'),
  health: health([remote]),
  registry: registry(withoutPeople),
  names: named(),
}
const input = {
  subject: { kind: 'server' as const, id: 'server:x', name: 'crm' },
  seen,
  params: dependencyManagement.params.parse({}),
  at: '2026-11-22T09:00:00.000Z',
}

describe('a registry that carries digests and nothing else (T6)', () => {
  const said = dependencyManagement.assess(input)

  test('a signature is unavailable, neither verified nor failed', () => {
    expect(said.findings).toEqual([])
    expect(said.notCovered).toContain(
      'mcp-remote 0.1.16: signature: unavailable from this registry; provenance: unavailable from this registry',
    )
    const signed = dependencyManagement.assess({
      ...input,
      seen: { ...seen, registry: registry(listed('mcp-remote', [{ version: '0.1.16' }])) },
    })
    expect(signed.notCovered?.join()).toContain('signature: carried by this registry, not verified')
  })

  test('its silence on deprecation, dates and people is unknown', () => {
    expect(said.unknowns).toEqual([
      'deprecation of mcp-remote 0.1.16: unavailable from this registry',
      'last publication of mcp-remote: the dates of this registry look like those of its own copying',
      'maintainers of mcp-remote 0.1.16: unavailable from this registry',
    ])
  })

  test('what it does carry is judged', () => {
    expect(said.passes).toContain('as the registry publishes it: mcp-remote 0.1.16')
  })

  test('an old date is a proof of age even where dates are its own', () => {
    const later = dependencyManagement.assess({ ...input, at: '2029-11-22T09:00:00.000Z' })
    expect(later.findings.map((one) => one.rule)).toEqual(['abandoned'])
  })
})

describe('what may be called resolved', () => {
  const clear = (rule: string, facts: Record<string, unknown>, more: Partial<typeof seen> = {}) =>
    dependencyManagement.canClear?.({ rule, facts }, { ...input, seen: { ...seen, ...more } })

  test.each([
    [
      'a mismatch, once the same digests were compared',
      'integrity-mismatch',
      { package: 'mcp-remote', compared: 'registry' },
      {},
      true,
    ],
    [
      'not a mismatch, while no registry was asked',
      'integrity-mismatch',
      { package: 'mcp-remote', compared: 'registry' },
      { registry: notAsked },
      false,
    ],
    [
      'a package that is gone from a tree read whole',
      'integrity-mismatch',
      { package: 'left-pad', compared: 'registry' },
      { registry: notAsked },
      true,
    ],
    ['not abandonment, where the registry cannot tell', 'abandoned', { package: 'mcp-remote' }, {}, false],
    [
      'not a maintainer change, where the registry cannot tell',
      'maintainer-change',
      { package: 'mcp-remote' },
      {},
      false,
    ],
    ['an entry', 'unpinned-entry', { package: 'mcp-remote' }, {}, true],
    ['a licence', 'licence-unusual', { licence: 'X' }, {}, true],
    [
      'not a licence, in a tree that was read in part',
      'licence-unusual',
      { licence: 'X' },
      { health: health([remote], {}, { problems: ['x'] }) },
      false,
    ],
    ['an install script', 'install-scripts', { package: 'mcp-remote' }, {}, true],
    [
      'not the runtime, while which one is unknown',
      'runtime-floor',
      { package: 'mcp-remote' },
      { health: health([{ ...remote, engines: '>=18' }]) },
      false,
    ],
  ])('%s', (_name, rule, facts, more, expected) => {
    expect(clear(rule, facts, more)).toBe(expected)
  })
})
