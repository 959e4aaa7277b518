import { installedPackage } from '@upkeep/lab/servers/installed-package'
import { attemptOn, packageUnderTest, sandboxHere } from '@upkeep/lab/servers/under-test'
import { describe, expect, test } from 'vitest'
import { filesystemSymlink } from '../filesystem-symlink/server-probe.ts'
import { filesystemPrefixSibling } from './server-probe.ts'

const name = '@modelcontextprotocol/server-filesystem'
const isolates = !('state' in (await sandboxHere()))
const homes = new Map<string, string | null>()
for (const version of ['0.6.2', '2025.3.28', '2025.7.1', '2026.8.31', '2.0.1'])
  homes.set(version, isolates ? await installedPackage(name, version) : null)
const ready = [...homes.values()].every((home) => home !== null)
const named = ready ? 'T12' : 'T12 (skipped: no sandbox, or no package registry)'

/** As measured by hand with two folders, before the probes were written. */
const expected = [
  ['0.6.2', 'broken'],
  ['2025.3.28', 'broken'],
  ['2025.7.1', 'held'],
  ['2026.8.31', 'held'],
  ['2.0.1', 'held'],
] as const

describe.skipIf(!ready)(named, () => {
  describe.each([filesystemPrefixSibling, filesystemSymlink])('$id', (probe) => {
    test.each(expected)('server-filesystem %s: %s', async (version, outcome) => {
      const target = packageUnderTest(homes.get(version) ?? '', name)
      const attempt = await attemptOn(target, probe)
      expect(attempt, attempt.detail).toMatchObject({ outcome })
      expect(attempt.transcript).toHaveLength(2)
    })
  })
})
