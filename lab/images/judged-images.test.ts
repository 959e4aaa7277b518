import { scriptOf } from '@upkeep/collectors/bundled-code/testing/small-index'
import { buildZip } from '@upkeep/engine/intel/testing/build-zip'
import { dockerSave, layoutTar, ociLayout } from '@upkeep/lab/archives/image'
import type { TarPiece } from '@upkeep/lab/archives/write-tar'
import { beforeAll, describe, expect, test } from 'vitest'
import { lookAtImage, scratchFile } from './look-at-image.ts'

interface Range {
  ecosystem: string
  name: string
  fixed: string | null
}

function osv(id: string, ranges: readonly Range[], more: object = {}): object {
  return {
    id,
    modified: '2026-11-20T10:00:00Z',
    summary: `what ${id} is`,
    affected: ranges.map(({ ecosystem, name, fixed }) => ({
      package: { ecosystem, name },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, ...(fixed === null ? [] : [{ fixed }])] }],
    })),
    ...more,
  }
}

/** A zip with so many records of an ecosystem that it is taken for all of it; nearly all are about packages that nothing has. */
function wholeFeed(ecosystem: string, count: number, records: readonly object[]): string {
  const filler = Array.from({ length: count }, (_, index) =>
    osv(`X-${index}`, [{ ecosystem, name: `none-${index}`, fixed: '1' }]),
  )
  const files = [...records, ...filler].map((one, index) => ({
    name: `${index}.json`,
    bytes: Buffer.from(JSON.stringify(one)),
  }))
  return scratchFile('all.zip', buildZip(files))
}

const openssl = osv(
  'DEBIAN-CVE-2023-5363',
  [
    { ecosystem: 'Debian:11', name: 'openssl', fixed: '1.1.1w-0+deb11u1' },
    { ecosystem: 'Debian:12', name: 'openssl', fixed: '3.0.11-1~deb12u2' },
  ],
  { upstream: ['CVE-2023-5363'] },
)
const zlib = osv('DEBIAN-CVE-2023-45853', [{ ecosystem: 'Debian:12', name: 'zlib', fixed: null }], {
  upstream: ['CVE-2023-45853'],
})
const alpineOpenssl = osv('ALPINE-CVE-2025-4575', [{ ecosystem: 'Alpine:v3.22', name: 'openssl', fixed: '3.5.0-r1' }], {
  upstream: ['CVE-2025-4575'],
})

const feeds = { debian: '', alpine: '' }
beforeAll(() => {
  feeds.debian = wholeFeed('Debian:12', 10_001, [openssl, zlib])
  feeds.alpine = wholeFeed('Alpine:v3.22', 3_001, [alpineOpenssl])
})

const bookworm: TarPiece = { path: 'etc/os-release', content: 'ID=debian\nVERSION_ID="12"\n' }
function dpkg(...records: string[]): TarPiece {
  const text = records.map((record) => `${record}\nStatus: install ok installed\n`).join('\n')
  return { path: 'var/lib/dpkg/status', content: text }
}
const libssl = (version: string) => `Package: libssl3\nSource: openssl\nVersion: ${version}`
const opensslTool = (version: string) => `Package: openssl\nVersion: ${version}`
const libc = 'Package: libc6\nSource: glibc\nVersion: 2.36-9+deb12u10'

describe('packages of Debian in an image', () => {
  test('one that is vulnerable by its source package: a finding whose fix is another image', async () => {
    const layers = [[bookworm, dpkg(libc, libssl('3.0.11-1~deb12u1'), opensslTool('3.0.11-1~deb12u1'))]]
    for (const bytes of [dockerSave(layers), layoutTar(ociLayout(layers, 'zstd'))]) {
      const { scanned, patches, verdict } = await lookAtImage(bytes, [feeds.debian])
      expect(verdict).toBe('fail')
      expect(scanned.unknowns).toEqual([])
      expect(scanned.findings).toMatchObject([
        {
          rule: 'known-vulnerable-version',
          summary: expect.stringContaining(
            'CVE-2023-5363 in openssl 3.0.11-1~deb12u1 of Debian:12 in its image, as libssl3, openssl',
          ),
          action: expect.stringMatching(
            /^Use an image that was built anew with openssl 3\.0\.11-1~deb12u2 or later.*pin its digest\./,
          ),
          proposals: [],
          facts: {
            package: 'openssl',
            ecosystem: 'Debian:12',
            direct: false,
            builds: ['libssl3', 'openssl'],
            path: 'var/lib/dpkg/status',
            fixedIn: ['3.0.11-1~deb12u2'],
            purl: 'pkg:deb/debian/openssl@3.0.11-1~deb12u1?arch=source&distro=debian-12',
          },
        },
      ])
      expect(patches.findings).toMatchObject([
        {
          rule: 'patch-available',
          action: expect.stringContaining('built anew'),
          proposals: [],
          facts: { ecosystem: 'Debian:12' },
        },
      ])
    }
  })

  test.each([
    [
      'upgraded in a later layer',
      [bookworm, dpkg(libc, libssl('3.0.11-1~deb12u1'))],
      [dpkg(libc, libssl('3.0.17-1~deb12u2'))],
    ],
    ['removed in a later layer', [bookworm, dpkg(libc, libssl('3.0.11-1~deb12u1'))], [dpkg(libc)]],
    [
      'whited out of a list of single files',
      [
        bookworm,
        { path: 'var/lib/dpkg/status.d/libssl3', content: libssl('3.0.11-1~deb12u1') },
        { path: 'var/lib/dpkg/status.d/libc6', content: libc },
      ],
      [{ path: 'var/lib/dpkg/status.d/.wh.libssl3' }],
    ],
    [
      'under an opaque folder',
      [bookworm, { path: 'var/lib/dpkg/status.d/libssl3', content: libssl('3.0.11-1~deb12u1') }],
      [{ path: 'var/lib/dpkg/status.d/.wh..wh..opq' }, { path: 'var/lib/dpkg/status.d/libc6', content: libc }],
    ],
  ] as [string, TarPiece[], TarPiece[]][])('%s it is clean', async (_name, lower, upper) => {
    for (const bytes of [dockerSave([lower, upper]), layoutTar(ociLayout([lower, upper]))]) {
      const { scanned, patches, verdict } = await lookAtImage(bytes, [feeds.debian])
      expect({ findings: scanned.findings, unknowns: scanned.unknowns, verdict }).toEqual({
        findings: [],
        unknowns: [],
        verdict: 'pass',
      })
      expect(scanned.passes.join('\n')).toContain('no advisory of')
      expect(patches.findings).toEqual([])
    }
  })

  test('one that Debian has not fixed: no version is made up', async () => {
    const layers = [[bookworm, dpkg('Package: zlib1g\nSource: zlib\nVersion: 1:1.2.13.dfsg-1')]]
    const { scanned, patches } = await lookAtImage(dockerSave(layers), [feeds.debian])
    const action = expect.stringMatching(
      /^Debian:12 has no fixed zlib yet: use an image without it, or accept until a day\./,
    )
    expect(scanned.findings).toMatchObject([{ action, facts: { fixedIn: [], proposed: null } }])
    expect(patches.findings).toMatchObject([{ rule: 'fix-not-obtainable', action }])
  })
})

describe('packages of Alpine in an image', () => {
  const image = (version: string, release = '3.22.1') => [
    [
      { path: 'etc/alpine-release', content: `${release}\n` },
      { path: 'lib/apk/db/installed', content: `P:libssl3\nV:${version}\no:openssl\n\nP:musl\nV:1.2.5-r10\n\n` },
    ],
  ]

  test.each([
    ['3.5.0-r0', 'fail', 1],
    ['3.5.0-r1', 'pass', 0],
    ['3.5.0-r10', 'pass', 0],
    ['3.5.0_alpha1-r3', 'fail', 1],
  ])('openssl %s: %s', async (version, verdict, findings) => {
    const seen = await lookAtImage(dockerSave(image(version)), [feeds.alpine])
    expect(seen.verdict).toBe(verdict)
    expect(seen.scanned.findings).toHaveLength(findings)
  })

  test('a release that is no longer looked after is unknown, however fresh the feed', async () => {
    const ended = wholeFeed('Alpine:v3.18', 3_001, [])
    const seen = await lookAtImage(dockerSave(image('3.1.4-r0', '3.18.4')), [ended])
    expect(seen.verdict).toBe('unknown')
    expect(seen.scanned.unknowns).toEqual([expect.stringContaining('no security updates since 2025-05-09')])
  })
})

describe('what cannot be judged is unknown, with why', () => {
  const alpine = { path: 'lib/apk/db/installed', content: 'P:musl\nV:1.2.5-r10\n\n' }
  test.each<[string, TarPiece[], string]>([
    [
      'a release of which no feed is there',
      [{ path: 'etc/alpine-release', content: '3.22.0' }, alpine],
      'Alpine:v3.22: no feed of the whole ecosystem',
    ],
    ['no file says which distribution', [alpine], 'no file of it says of which distribution they are'],
    [
      'a distribution of its own',
      [{ path: 'etc/os-release', content: 'ID=acme\nVERSION_ID=7' }, alpine],
      'it calls itself "acme 7"',
    ],
    [
      'a list that is gone',
      [bookworm, { path: 'app/package.json', content: '{"name":"server","version":"1.0.0"}' }],
      'has no list of that system',
    ],
    [
      'another package manager',
      [{ path: 'var/lib/rpm/rpmdb.sqlite', content: 'x' }],
      'lists of this package manager are not read',
    ],
    [
      'a root in a root',
      [bookworm, dpkg(libc), { path: 'srv/root/lib/apk/db/installed', content: 'P:a' }],
      'a list of packages of another root',
    ],
  ])('%s', async (_name, pieces, why) => {
    const { verdict, scanned } = await lookAtImage(dockerSave([pieces]), [feeds.debian])
    expect(verdict).toBe('unknown')
    expect(scanned.unknowns.join('\n')).toContain(why)
  })
})

test('code compiled into a bundle in an image is judged like a package', async () => {
  const hole = osv('GHSA-aaaa', [{ ecosystem: 'npm', name: 'small', fixed: '2.0.0' }])
  const feed = scratchFile('record.json', JSON.stringify(hole))
  const layers = (version: '1.0.0' | '2.0.0') => [[{ path: 'app/dist/index.js', content: scriptOf(version) }]]
  const { scanned, bundled } = await lookAtImage(dockerSave(layers('1.0.0')), [feed])
  expect(bundled).toMatchObject({ facts: { components: [{ evidence: { file: 'app/dist/index.js' } }] } })
  expect(scanned.findings).toMatchObject([
    { facts: { advisory: 'GHSA-aaaa', package: 'small', path: 'app/dist/index.js' } },
  ])
  expect((await lookAtImage(dockerSave(layers('2.0.0')), [feed])).scanned.findings).toEqual([])
})
