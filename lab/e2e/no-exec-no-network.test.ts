import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { cli, type Installation, newInstallation, removeInstallation, upkeep } from './installation.ts'
import { doneCodes, said } from './product.ts'
import { canTrace } from './requirements.ts'
import { readTrace, type Trace } from './trace.ts'

const systemCalls = 'trace=execve,execveat,%network,%file'

describe.skipIf(!canTrace())('a scan of the reference home, traced (needs strace)', () => {
  let installation: Installation
  let trace: Trace
  beforeAll(async () => {
    installation = newInstallation(inject('fleet').home)
    const log = join(installation.root, 'strace.log')
    const command = ['strace', '-f', '-s', '4096', '-e', systemCalls, '-o', log, process.execPath, cli]
    const result = await upkeep(installation, ['scan'], { command, cwd: inject('fleet').project })
    expect(doneCodes, said(result)).toContain(result.exitCode)
    trace = readTrace(log, inject('fleet').project)
  })
  afterAll(() => removeInstallation(installation))

  test('executed nothing but itself', () => {
    expect(trace.calls).toBeGreaterThan(100)
    expect(trace.executed).toHaveLength(1)
    expect(trace.executed[0]).toContain(process.execPath)
  })

  test('opened no network socket', () => {
    expect(trace.internet).toEqual([])
  })

  test('wrote in its own state folder only', () => {
    const elsewhere = trace.written.filter((path) => !isWithin(path, installation.stateDir) && path !== '/dev/null')
    expect(elsewhere).toEqual([])
    expect(trace.written.length).toBeGreaterThan(0)
  })
})

/** The trace itself is tested: what would break the promise is seen by it. */
test.skipIf(!canTrace())('the tracing sees a started program, a socket and a written file (needs strace)', async () => {
  const installation = newInstallation()
  const log = join(installation.root, 'strace.log')
  const program =
    "require('child_process').execFileSync('true'); require('net').connect(9,'127.0.0.1').on('error',()=>{}); require('fs').writeFileSync('w','')"
  const command = ['strace', '-f', '-s', '4096', '-e', systemCalls, '-o', log, process.execPath, '-e', program]
  await upkeep(installation, [], { command })
  const trace = readTrace(log, installation.cwd)
  expect(trace.executed.filter((one) => one.includes('"true"'))).not.toEqual([])
  expect(trace.internet).not.toEqual([])
  expect(trace.written).toContain(join(installation.cwd, 'w'))
  removeInstallation(installation)
})

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}
