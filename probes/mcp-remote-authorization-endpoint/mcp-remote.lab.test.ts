import { installedPackage } from '@upkeep/lab/servers/installed-package'
import { attemptOn, packageUnderTest, sandboxHere } from '@upkeep/lab/servers/under-test'
import { describe, expect, test } from 'vitest'
import { mcpRemoteAuthorizationEndpoint } from './server-probe.ts'

const isolates = !('state' in (await sandboxHere()))

/** 0.1.16 escapes the name and the password of an address, which is all that it changed; 0.1.5 is from before anything was escaped. */
const expected = [
  ['0.1.5', 'broken'],
  ['0.1.15', 'broken'],
  ['0.1.16', 'held'],
] as const

describe.skipIf(!isolates)(isolates ? 'mcp-remote' : 'mcp-remote (skipped: no sandbox)', () => {
  test.each(expected)('%s: %s', async (version, outcome) => {
    const home = await installedPackage('mcp-remote', version)
    if (home === null) throw new Error('the package registry is out of reach')
    const attempt = await attemptOn(packageUnderTest(home, 'mcp-remote'), mcpRemoteAuthorizationEndpoint)
    expect(attempt, attempt.detail).toMatchObject({ outcome })
    expect(attempt.transcript[0]?.received).toContain(
      outcome === 'broken' ? '$(upkeep-canary)@' : '%24(upkeep-canary)@',
    )
  })
})
