import { afterEach, expect, inject, test } from 'vitest'
import { ended, type Installation, newInstallation, removeInstallation, startUpkeep } from './installation.ts'
import { doneCodes, said, verify } from './product.ts'
import { storedFindings, storedRuns } from './state-database.ts'

let installation: Installation
afterEach(() => removeInstallation(installation))

test('two first scans at once: one waits or says why not, nothing is stored twice, the ledger verifies', async () => {
  installation = newInstallation(inject('fleet').home)
  const results = await Promise.all([1, 2].map(() => ended(startUpkeep(installation, ['scan']))))
  const done = results.filter((result) => doneCodes.includes(result.exitCode))
  expect(done.length, results.map(said).join('\n')).toBeGreaterThan(0)
  for (const result of results.filter((one) => !done.includes(one))) {
    expect(result.exitCode).toBe(2)
    expect(result.stderr).toMatch(/another|other process|busy/i)
  }
  const rounds = new Set(storedRuns(installation).map((run) => run.round))
  expect(rounds.size).toBe(done.length)
  const opened = storedFindings(installation).filter((finding) => finding.state === 'open')
  expect(new Set(opened.map((one) => one.statement.fingerprint)).size).toBe(opened.length)
  expect((await verify(installation)).exitCode).toBe(0)
})
