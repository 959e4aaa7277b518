import type { DutyCase } from '@upkeep/contract/testing/duty-cases'
import type { z } from 'zod'
import type { dependencyManagement } from '../duty.ts'
import { health, listed, pkg, registry } from './given.ts'

type Duty = typeof dependencyManagement
type Row = DutyCase<Duty['needs'], Duty['rules'], z.infer<Duty['params']>>
const remote = pkg('mcp-remote', '0.1.16')
const listing = listed('mcp-remote', [{ version: '0.1.15' }, { version: '0.1.16' }, { version: '0.2.0' }])

/** The rows of the table about who cares for a package and which Node it needs, over a server in which nothing else is wrong. */
export function careRows(given: Row['given']): Row[] {
  return [
    {
      name: 'deprecated by its maker',
      given: {
        ...given,
        registry: registry(
          listed('mcp-remote', [{ version: '0.1.15' }, { version: '0.1.16', deprecated: true }, { version: '0.2.0' }]),
        ),
      },
      expect: {
        verdict: 'fail',
        findings: [{ rule: 'abandoned', facts: { deprecated: true }, summary: 'marked as deprecated' }],
      },
    },
    {
      name: 'another version is deprecated, not this one',
      given: {
        ...given,
        registry: registry(
          listed('mcp-remote', [{ version: '0.1.15', deprecated: true }, { version: '0.1.16' }, { version: '0.2.0' }]),
        ),
      },
      expect: { verdict: 'pass' },
    },
    {
      name: 'nothing published for longer than the limit',
      given,
      params: { abandonedAfterDays: 30 },
      expect: {
        verdict: 'fail',
        findings: [
          {
            rule: 'abandoned',
            facts: { deprecated: false },
            summary: 'no version of mcp-remote was published since 2026-05-01',
          },
        ],
      },
    },
    {
      name: 'Node is older than a package accepts',
      given: {
        ...given,
        health: health([{ ...remote, engines: '>=22' }], { runtimes: [{ path: '/usr/bin/node', version: '20.11.0' }] }),
      },
      expect: {
        verdict: 'fail',
        findings: [
          {
            rule: 'runtime-floor',
            facts: { engines: '>=22', runtimes: ['20.11.0'] },
            summary: 'accepts Node ">=22"; here it is 20.11.0',
          },
        ],
      },
    },
    {
      name: 'Node is one that every package accepts',
      given: {
        ...given,
        health: health([{ ...remote, engines: '>=18' }], { runtimes: [{ path: '/usr/bin/node', version: '20.11.0' }] }),
      },
      expect: { verdict: 'pass', passes: ['Node 20.11.0 is accepted by each of 1 packages'] },
    },
    {
      name: 'which Node would run it was not seen',
      given: { ...given, health: health([{ ...remote, engines: '>=18' }]) },
      expect: { verdict: 'unknown', unknowns: ['which Node would run it: none was found'] },
    },
    {
      name: 'one Node is accepted and another is not: it depends on which runs',
      given: {
        ...given,
        health: health([{ ...remote, engines: '>=22' }], {
          runtimes: [
            { path: '/usr/bin/node', version: '20.11.0' },
            { path: '/usr/local/bin/node', version: '24.0.0' },
          ],
        }),
      },
      expect: { verdict: 'unknown', unknowns: ['do not clearly accept every Node that was found, such as mcp-remote'] },
    },
    {
      name: 'none of the former maintainers is left',
      given: {
        ...given,
        registry: registry({
          ...listing,
          maintainers: { now: ['eve'], since: [{ from: '0.1.15', names: ['ada', 'bob'] }] },
        }),
      },
      expect: {
        verdict: 'fail',
        findings: [
          { rule: 'maintainer-change', facts: { former: ['ada', 'bob'], present: ['eve'] }, action: 'Stay on 0.1.16' },
        ],
      },
    },
    {
      name: 'a maintainer more, a maintainer less: one of the former is left',
      given: {
        ...given,
        registry: registry({
          ...listing,
          maintainers: { now: ['bob', 'eve'], since: [{ from: '0.1.15', names: ['ada', 'bob'] }] },
        }),
      },
      expect: { verdict: 'pass' },
    },
  ]
}
