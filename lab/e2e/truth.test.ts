import { chmodSync, chownSync, cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { type Installation, newInstallation, removeInstallation, upkeep } from './installation.ts'
import { doneCodes, said } from './product.ts'
import { isReadableByAll, nobodyUid } from './requirements.ts'
import { hasReason, storedVerdicts } from './verdicts.ts'

let installation: Installation
afterEach(() => removeInstallation(installation))

test('an empty home: no pass anywhere, every verdict with its reason, and it says that there is nothing', async () => {
  installation = newInstallation()
  const result = await upkeep(installation, ['scan'])
  expect(doneCodes, said(result)).toContain(result.exitCode)
  expectNoGreen(installation)
  expect(result.stdout).toMatch(/no servers? found/i)
})

// As root nothing is unreadable, so that the product runs as somebody else, who has to be able to read it.
describe.skipIf(nobodyUid !== null && !isReadableByAll())('a home where every file is unreadable', () => {
  test('no pass anywhere, unknown for what is there, the files named', async () => {
    installation = newInstallation()
    copyClientFiles(inject('fleet').home, installation.home)
    if (nobodyUid !== null) giveAway(installation, nobodyUid)
    const locked = lockFiles(installation.home)
    expect(locked.length).toBeGreaterThan(5)
    const result = await upkeep(installation, ['scan'], nobodyUid === null ? {} : { uid: nobodyUid })
    expect(result.exitCode, said(result)).toBe(3)
    expectNoGreen(installation)
    expect(storedVerdicts(installation).some((one) => one.verdict === 'unknown')).toBe(true)
    // Lines are cut to the width of a terminal, within words too.
    expect(result.stdout.replace(/\n +/g, '')).toContain('claude_desktop_config.json')
  })
})

/** The folders become the other user's; the files in the home stay root's. */
function giveAway(given: Installation, uid: number): void {
  for (const folder of [given.root, given.home, given.cwd]) chownSync(folder, uid, uid)
}

function expectNoGreen(of: Installation): void {
  const verdicts = storedVerdicts(of)
  expect(verdicts.length).toBeGreaterThan(0)
  expect(verdicts.filter((one) => one.verdict === 'pass')).toEqual([])
  expect(verdicts.filter((one) => !hasReason(one))).toEqual([])
}

function copyClientFiles(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => !/\/(\.npm|mcp-servers|data)$/.test(path) })
}

/** Takes every right from every file; folders stay open, so that the files are found. They belong to root: the product is somebody else. */
function lockFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      chmodSync(path, 0)
      return path
    })
}
