import { installedPackage } from '@upkeep/lab/servers/installed-package'
import { attemptOn, packageUnderTest, sandboxHere } from '@upkeep/lab/servers/under-test'
import { describe, expect, test } from 'vitest'
import { inspectorProxy } from './server-probe.ts'

const name = '@modelcontextprotocol/inspector'
const isolates = !('state' in (await sandboxHere()))

/** As the release notes have it: 0.14.1 asks for a token and looks at Origin. */
const expected = [
  ['0.14.0', 'broken'],
  ['0.14.1', 'held'],
] as const

describe.skipIf(!isolates)(isolates ? 'inspector' : 'inspector (skipped: no sandbox)', () => {
  test.each(expected)('%s: %s', async (version, outcome) => {
    const home = await installedPackage(name, version)
    if (home === null) throw new Error('the package registry is out of reach')
    const attempt = await attemptOn(packageUnderTest(home, name), inspectorProxy)
    expect(attempt, attempt.detail).toMatchObject({ outcome })
  })
})
