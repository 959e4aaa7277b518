import type { DutyCase } from '@upkeep/contract/testing/duty-cases'
import type { z } from 'zod'
import type { dependencyManagement } from '../duty.ts'
import { health, listed, pkg, registry, sum } from './given.ts'

type Duty = typeof dependencyManagement
type Row = DutyCase<Duty['needs'], Duty['rules'], z.infer<Duty['params']>>

const verified = { state: 'verified', why: 'signed with key x' } as const
const unfit = { state: 'failed', why: 'the signature of key x does not fit the package' } as const
const elsewhere = { state: 'failed', why: 'its provenance is about another package: pkg:npm/b@1.0.0' } as const
const notHad = { state: 'unavailable', why: 'its attestations: the registry answered 405' } as const
const versions = (last: Record<string, unknown>) => [
  { version: '0.1.15' },
  { version: '0.1.16', ...last },
  { version: '0.2.0' },
]
const tree = health([
  pkg('mcp-remote', '0.1.16'),
  pkg('express', '4.21.0', { repository: 'github.com/expressjs/express' }),
])
const express = (of: Record<string, unknown>, more: Parameters<typeof listed>[2] = {}) =>
  listed('express', [{ version: '4.20.0' }, { version: '4.21.0', ...of }, { version: '4.22.0' }], more)
const remote = listed('mcp-remote', versions({}))

type SourceRow = [name: string, repository: string | null, source: string, found: object | null]
const sourceRows: readonly SourceRow[] = [
  [
    'built from another repository than it names',
    'github.com/famous/remote',
    'https://github.com/nobody/remote',
    {
      facts: { package: 'mcp-remote', names: 'github.com/famous/remote', builtFrom: 'github.com/nobody/remote' },
      summary: 'mcp-remote 0.1.16 is built from github.com/nobody/remote, and names github.com/famous/remote',
      action: 'Read github.com/nobody/remote before',
    },
  ],
  ['the same repository, written otherwise', 'github.com/acme/remote', 'https://github.com/Acme/Remote', null],
  ['a build whose repository cannot be told', 'github.com/acme/remote', 'https://build.example/', null],
  ['a package that names no repository', null, 'https://github.com/nobody/remote', null],
]

/** The rows of the table about what a registry says of a whole tree: origin, age, and whose hands it is in. */
export function treeRows(given: Row['given']): Row[] {
  const row = (
    name: string,
    packages: Parameters<typeof registry>,
    expect: Row['expect'],
    params?: Row['params'],
  ): Row => ({
    name,
    given: { ...given, health: tree, registry: registry(...packages) },
    expect,
    ...(params === undefined ? {} : { params }),
  })
  return [
    row(
      'signatures and origins that were verified',
      [
        listed('mcp-remote', versions({ signature: verified, attested: true, provenance: verified })),
        express({ signature: verified }),
      ],
      {
        verdict: 'pass',
        passes: [
          'signature verified here: 2 packages (mcp-remote 0.1.16)',
          'provenance verified here: 1 packages (mcp-remote 0.1.16)',
        ],
      },
    ),
    row('a signature that does not fit', [listed('mcp-remote', versions({ signature: unfit }))], {
      verdict: 'fail',
      findings: [
        {
          rule: 'origin-not-proven',
          facts: { package: 'mcp-remote', compared: 'signature', why: unfit.why },
          summary: 'mcp-remote 0.1.16: its signature does not hold',
          action: 'Do not start it before you know why',
        },
      ],
    }),
    row(
      'an attestation of another package, deep in the tree',
      [remote, express({ signature: verified, attested: true, provenance: elsewhere })],
      {
        verdict: 'fail',
        findings: [{ rule: 'origin-not-proven', facts: { package: 'express', compared: 'provenance' } }],
      },
    ),
    ...sourceRows.map(([name, repository, source, found]) => ({
      ...row(
        name,
        [listed('mcp-remote', versions({ attested: true, provenance: { ...verified, source } })), express({})],
        found === null ? { verdict: 'pass' } : { verdict: 'fail', findings: [{ rule: 'built-elsewhere', ...found }] },
      ),
      given: {
        ...given,
        health: health([
          pkg('mcp-remote', '0.1.16', repository === null ? {} : { repository }),
          pkg('express', '4.21.0'),
        ]),
        registry: registry(
          listed('mcp-remote', versions({ attested: true, provenance: { ...verified, source } })),
          express({}),
        ),
      },
    })),
    row(
      'a package that is brought along is built from another repository than it names',
      [remote, express({ attested: true, provenance: { ...verified, source: 'https://github.com/other/express' } })],
      {
        verdict: 'fail',
        findings: [{ rule: 'built-elsewhere', facts: { package: 'express' } }],
      },
    ),
    row(
      'another version does not hold, not this one',
      [listed('mcp-remote', [{ version: '0.1.15', signature: unfit }, { version: '0.1.16' }, { version: '0.2.0' }])],
      { verdict: 'pass' },
    ),
    row(
      'attestations that could not be had',
      [listed('mcp-remote', versions({ attested: true, provenance: notHad }))],
      {
        verdict: 'pass',
      },
    ),
    row('what it brings along is deprecated', [remote, express({ deprecated: true })], {
      verdict: 'fail',
      findings: [
        {
          rule: 'abandoned-parts',
          facts: { deprecated: ['express 4.21.0'], old: [], count: 1, all: 1 },
          summary: 'of 1 packages that it brings along, 1 are marked as deprecated by their makers (express 4.21.0)',
        },
      ],
    }),
    row(
      'what it brings along was last published long ago',
      [remote, listed('express', [{ version: '4.21.0', publishedAt: '2019-05-01T10:00:00Z' }])],
      { verdict: 'fail', findings: [{ rule: 'abandoned-parts', facts: { old: ['express 4.21.0'], count: 1 } }] },
    ),
    row('what it brings along is cared for', [remote, express({})], { verdict: 'pass' }),
    row(
      'dates of what it brings along that cannot be believed',
      [remote, express({}, { datesDoubted: 'all of one hour' })],
      {
        verdict: 'unknown',
        unknowns: ['last publication of 1 packages that it brings along: no date that can be believed'],
      },
    ),
    row('what it brings along is not what the registry publishes', [remote, express({ integrity: sum('other') })], {
      verdict: 'fail',
      findings: [{ rule: 'integrity-mismatch', facts: { package: 'express', compared: 'registry' } }],
    }),
    {
      name: 'the registry was stopped in the middle: the rest is unknown',
      given: {
        ...given,
        health: tree,
        registry: {
          state: 'seen',
          facts: {
            source: 'https://registry.example',
            asked: 'live',
            packages: [remote],
            failed: [{ name: 'express', reason: 'time was up' }],
          },
        },
      },
      expect: {
        verdict: 'unknown',
        unknowns: ['integrity of 1 packages: the registry said nothing of them (express: time was up)'],
      },
    },
    ...handRows(row),
  ]
}

type MakeRow = (
  name: string,
  packages: Parameters<typeof registry>,
  expect: Row['expect'],
  params?: Row['params'],
) => Row

const turned = {
  maintainers: {
    now: ['eve'],
    since: [
      { from: '4.20.0', names: ['ada', 'bob'] },
      { from: '4.21.0', names: ['eve'] },
    ],
  },
}
const joined = { maintainers: { now: ['ada', 'bob'], since: [{ from: '4.20.0', names: ['ada'] }] } }
const recent = '2026-10-01T10:00:00Z'
const published = (of: Record<string, unknown>, more: Parameters<typeof listed>[2]) =>
  listed(
    'express',
    [
      { version: '4.20.0', publisher: 'ada' },
      { version: '4.21.0', publishedAt: recent, ...of },
      { version: '4.22.0', publishedAt: '2026-11-01T10:00:00Z' },
    ],
    more,
  )

function handRows(row: MakeRow): Row[] {
  return [
    row('everybody who could publish was replaced with this version', [remote, published({}, turned)], {
      verdict: 'fail',
      findings: [
        {
          rule: 'maintainer-change',
          facts: { package: 'express', former: ['ada', 'bob'], present: ['eve'], since: '4.21.0' },
          summary: 'express 4.21.0: all 2 who could publish 4.20.0 were replaced with 4.21.0, on 2026-10-01',
          action: 'else go back to 4.20.0',
        },
      ],
    }),
    row(
      'everybody was replaced, longer ago than the limit',
      [remote, published({}, turned)],
      { verdict: 'pass' },
      { newHandsForDays: 30 },
    ),
    row(
      'everybody was replaced, on a day that cannot be believed',
      [remote, published({}, { ...turned, datesDoubted: 'all of one hour' })],
      {
        verdict: 'unknown',
        unknowns: ['when express 4.21.0 came into new hands (4.21.0): no date of this registry says'],
      },
    ),
    row('the first version that somebody published', [remote, published({ publisher: 'eve' }, joined)], {
      verdict: 'fail',
      findings: [
        {
          rule: 'maintainer-change',

          facts: { package: 'express', former: ['ada'], present: ['eve'] },
        },
      ],
    }),
    row('the second maintainer, who published before', [remote, published({ publisher: 'ada' }, joined)], {
      verdict: 'pass',
    }),
    row('published by a build', [remote, published({}, joined)], { verdict: 'pass' }),
  ]
}
