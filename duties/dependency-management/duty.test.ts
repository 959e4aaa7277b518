import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { dependencyManagement } from './duty.ts'
import { careRows } from './testing/care-rows.ts'
import { declared, health, listed, named, notAsked, npx, pkg, registry, resolved, sum } from './testing/given.ts'
import { treeRows } from './testing/tree-rows.ts'

const remote = pkg('mcp-remote', '0.1.16')
const listing = listed('mcp-remote', [{ version: '0.1.15' }, { version: '0.1.16' }, { version: '0.2.0' }])
const given = {
  declared: npx('0.1.16'),
  resolved: resolved('0.1.16'),
  health: health([remote, pkg('express', '4.21.0')]),
  registry: registry(listing),
  names: named(),
}

dutyCases(dependencyManagement, [
  {
    name: 'pinned, as published, cared for: passes, and says what was not looked at',
    given,
    expect: {
      verdict: 'pass',
      passes: [
        'one version of mcp-remote',
        'as the registry publishes it: mcp-remote 0.1.16',
        'none of 2 packages runs a script',
        'each of 2 packages states a usual licence',
        'not deprecated and was published within 730 days',
        'someone who could publish mcp-remote 0.1.16 still can',
      ],
    },
  },
  {
    name: 'no version in the entry: the version that would start is proposed',
    given: { ...given, declared: npx(null) },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'unpinned-entry',
          facts: { package: 'mcp-remote', requested: null, wouldRun: '0.1.16' },
          summary: 'asks for no version of mcp-remote',
          action: 'Set it to 0.1.16',
        },
      ],
    },
  },
  {
    name: 'a range in the entry is no version',
    given: { ...given, declared: npx('^0.1.0'), health: { state: 'absent', reason: 'nothing is installed' } },
    expect: { verdict: 'fail', findings: ['unpinned-entry'], unknowns: ['its packages: nothing is installed'] },
  },
  {
    name: 'an image by its tag',
    given: {
      ...given,
      declared: declared({ via: 'docker', image: 'mcp/fetch', tag: '1.2', digest: null, pinned: false }),
      health: {
        state: 'unavailable',
        code: 'not-supported',
        reason: 'an image, tag 1.2, which can be moved: docker is never asked',
      },
    },
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'unpinned-entry', action: 'by its digest' }],
      unknowns: ['an image'],
    },
  },
  {
    name: 'an image by its digest: what it holds stays unknown',
    given: {
      ...given,
      declared: declared({
        via: 'docker',
        image: 'mcp/fetch',
        tag: null,
        digest: `sha256:${'a'.repeat(64)}`,
        pinned: true,
      }),
      health: {
        state: 'unavailable',
        code: 'not-supported',
        reason: 'an image, tag 1.2, which can be moved: docker is never asked',
      },
    },
    expect: { verdict: 'unknown' },
  },
  {
    name: 'other bytes than the registry publishes',
    given: {
      ...given,
      registry: registry({
        ...listing,
        versions: listing.versions.map((one) => ({ ...one, integrity: sum('other') })),
      }),
    },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'integrity-mismatch',
          facts: { compared: 'registry', installed: sum('mcp-remote'), expected: sum('other') },
          summary: 'mcp-remote 0.1.16: the package that was installed is not the one that the registry publishes',
        },
      ],
    },
  },
  {
    name: 'several digests of the same bytes are no mismatch',
    given: {
      ...given,
      registry: registry({
        ...listing,
        versions: listing.versions.map((one) => ({ ...one, integrity: `sha1-AAAA= ${sum('mcp-remote')}` })),
      }),
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'digests that cannot be compared are no match',
    given: {
      ...given,
      registry: registry({
        ...listing,
        versions: listing.versions.map((one) => ({ ...one, integrity: 'sha1-AAAA=' })),
      }),
    },
    expect: { verdict: 'unknown', unknowns: ['by different algorithms'] },
  },
  {
    name: 'another version lies where npm put one',
    given: {
      ...given,
      health: health([
        remote,
        pkg('express', '4.21.0', { recorded: { version: '4.20.0', integrity: sum('express'), from: null } }),
      ]),
    },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'integrity-mismatch',
          facts: { package: 'express', compared: 'npm-record', installed: '4.21.0', expected: '4.20.0' },
        },
      ],
    },
  },
  {
    name: 'no record of npm: integrity is not known',
    given: { ...given, health: health([{ ...remote, recorded: null }]) },
    expect: { verdict: 'unknown', unknowns: ['integrity of 1 of 1 packages'] },
  },
  {
    name: 'a linked folder has no integrity to miss',
    given: {
      ...given,
      health: health([remote, pkg('mine', '1.0.0', { recorded: { version: null, integrity: null, from: 'link' } })]),
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'each file as in the kept package',
    given: { ...given, health: health([{ ...remote, kept: { state: 'same', detail: '' } }]) },
    expect: { verdict: 'pass', passes: ['each file of 1 of 1 packages is as in the kept package'] },
  },
  {
    name: 'a file that is not as in the kept package',
    given: { ...given, health: health([{ ...remote, kept: { state: 'differs', detail: 'dist/proxy.js' } }]) },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'integrity-mismatch',
          facts: { compared: 'kept-package', installed: 'dist/proxy.js' },
          summary: 'dist/proxy.js was changed',
        },
      ],
    },
  },
  {
    name: 'a file that its own install script may have written',
    given: {
      ...given,
      health: health([{ ...remote, installScripts: ['postinstall'], kept: { state: 'differs', detail: 'bin/x' } }]),
    },
    params: { allowedInstallScripts: ['mcp-remote'] },
    expect: {
      verdict: 'unknown',
      unknowns: ['bin/x is not as in the kept package; its install scripts may have written it'],
    },
  },
  {
    name: 'a kept package that was altered itself proves nothing',
    given: { ...given, health: health([{ ...remote, kept: { state: 'altered', detail: 'no longer what was kept' } }]) },
    expect: { verdict: 'unknown', unknowns: ['could not be held against the kept package'] },
  },
  {
    name: 'a name one letter beside a known one',
    given: { ...given, names: named({ name: 'mcp-remot', imitates: 'mcp-remote', by: 'letters' }) },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'typosquat',
          facts: { package: 'mcp-remot', imitates: 'mcp-remote', direct: true },
          summary: 'mcp-remot passes for mcp-remote (letters)',
        },
      ],
    },
  },
  {
    name: 'a name beside a known one that is trusted',
    given: { ...given, names: named({ name: 'mcp-remot', imitates: 'mcp-remote', by: 'letters' }) },
    params: { trustedNames: ['mcp-remot'] },
    expect: { verdict: 'pass', passes: ['none of its 2 names passes for one of 130 known ones'] },
  },
  {
    name: 'the list of known names could not be read',
    given: {
      ...given,
      names: { state: 'unavailable', code: 'not-configured', reason: 'the list of known packages cannot be read' },
    },
    expect: { verdict: 'unknown', unknowns: ['names: the list of known packages cannot be read'] },
  },
  {
    name: 'scripts at installation',
    given: { ...given, health: health([remote, pkg('esbuild', '0.25.0', { installScripts: ['postinstall'] })]) },
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'install-scripts', facts: { package: 'esbuild', scripts: ['postinstall'] } }],
    },
  },
  {
    name: 'scripts at installation that were read',
    given: { ...given, health: health([remote, pkg('esbuild', '0.25.0', { installScripts: ['postinstall'] })]) },
    params: { allowedInstallScripts: ['esbuild'] },
    expect: { verdict: 'pass' },
  },
  {
    name: 'an unusual licence is one finding however many packages have it',
    given: {
      ...given,
      health: health([
        remote,
        pkg('a', '1.0.0', { licence: 'AGPL-3.0-only' }),
        pkg('b', '1.0.0', { licence: 'AGPL-3.0-only' }),
      ]),
    },
    expect: {
      verdict: 'fail',
      findings: [
        { rule: 'licence-unusual', facts: { licence: 'AGPL-3.0-only', packages: ['a 1.0.0', 'b 1.0.0'], count: 2 } },
      ],
    },
  },
  {
    name: 'no licence at all',
    given: { ...given, health: health([remote, pkg('a', '1.0.0', { licence: null })]) },
    expect: { verdict: 'fail', findings: [{ rule: 'licence-unusual', summary: 'a 1.0.0: no licence is stated' }] },
  },
  {
    name: 'a choice of licences with a usual one among them',
    given: { ...given, health: health([remote, pkg('a', '1.0.0', { licence: '(MIT OR GPL-3.0-only)' })]) },
    expect: { verdict: 'pass' },
  },
  {
    name: 'gone while looking: what could not be read is not right',
    given: {
      ...given,
      health: health([remote], {}, { problems: ['node_modules/a/package.json: gone while looking'] }),
    },
    expect: { verdict: 'unknown', unknowns: ['gone while looking'] },
  },
  {
    name: 'which copy would start is not known: each is judged',
    given: { ...given, health: health([remote], {}, { wouldRun: false }) },
    expect: { verdict: 'unknown', unknowns: ['which of 1 installed copies would start is not known'] },
  },
  {
    name: 'nothing was asked of a registry',
    given: { ...given, registry: notAsked },
    expect: {
      verdict: 'unknown',
      unknowns: ['nothing was held against a registry: the registry is asked only with --online'],
    },
  },
  {
    name: 'the server runs elsewhere',
    given: { ...given, declared: declared({ via: 'remote' }), health: { state: 'absent', reason: 'nothing here' } },
    expect: { verdict: 'not-applicable' },
  },
  ...careRows(given),
  ...treeRows(given),
])
