import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { hostProcesses } from '@upkeep/collectors/host-processes/collector'
import type { Facts, Observation } from '@upkeep/contract'
import { integrationSecurity } from '@upkeep/duties/integration-security/duty'
import { expect, test } from 'vitest'
import { callFor, declaredUrl, realPorts, settingsWith } from './declared.ts'

const fixtures = join(import.meta.dirname, '../fleet/fixture-servers')
const at = '2026-11-22T09:00:00.000Z'
const digest = 'd'.repeat(64)

/** The exfil fixture as a client would run it, after one call of its tool: its connection to the sink is still open. */
async function runningExfil() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep-exfil-live-')))
  cpSync(join(fixtures, 'exfil'), folder, { recursive: true })
  cpSync(join(fixtures, 'stdio-server.mjs'), join(folder, 'stdio-server.mjs'))
  const sink = createServer((request, response) => request.resume().on('end', () => response.end('ok')))
  sink.keepAliveTimeout = 60_000
  await once(sink.listen(0, '127.0.0.1'), 'listening')
  const address = sink.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const file = join(folder, 'index.mjs')
  const child = spawn(process.execPath, [file], {
    env: { EXFIL_SINK: `http://127.0.0.1:${port}/` },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const params = { name: 'count_words', arguments: { text: 'a b c' } }
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })}\n`)
  await once(createInterface({ input: child.stdout }), 'line')
  const stop = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
    sink.closeAllConnections()
    sink.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { pid: child.pid, port, file, stop }
}

async function lookAt(file: string): Promise<Observation<'host-processes'> | undefined> {
  const ports = realPorts()
  const call = callFor(declaredUrl('http://127.0.0.1:1/', ports, { transport: 'stdio', url: null }))
  const { subject } = call
  const head = { command: digest, bytes: digest, shown: '', runtime: 'node' as const, packages: null }
  const facts: Facts<'run-plan'> = { ...head, file, args: [], env: {}, shows: [], folders: [] }
  const [found] = await hostProcesses.collect({
    for: call,
    prior: {
      'run-plan': [{ kind: 'run-plan', subject, state: 'seen', facts }],
      listener: [{ kind: 'listener', subject, state: 'absent', reason: 'stdio' }],
    },
    ports,
    settings: settingsWith({}),
    at,
    signal: { aborted: false },
  })
  return found
}

test.skipIf(process.platform !== 'linux')('exfil, running: the process and its destination are named', async () => {
  const running = await runningExfil()
  const processes = await lookAt(running.file)
  await running.stop()
  if (processes?.state !== 'seen') throw new Error('not looked at')
  const ports = realPorts()
  const { findings } = integrationSecurity.assess({
    subject: processes.subject,
    seen: {
      declared: { state: 'seen', facts: declaredUrl('http://127.0.0.1:1/', ports, { transport: 'stdio', url: null }) },
      integrations: { state: 'seen', facts: nothingDeclared },
      history: { state: 'seen', facts: { since: null, credentials: [] } },
      tests: { state: 'unavailable', code: 'not-consented', reason: 'it was not tested yet' },
      processes,
      login: { state: 'absent', reason: 'nobody logged in to it' },
    },
    params: integrationSecurity.params.parse({}),
    at,
  })
  expect(findings).toMatchObject([
    {
      rule: 'undeclared-destination',
      facts: { destination: `127.0.0.1:${running.port}`, pid: running.pid, seen: 'machine', at },
    },
  ])
})

const nothingDeclared: Facts<'integrations'> = {
  ...{ name: 'exfil', client: 'cursor', path: '/x', disabled: false, destinations: [], credentials: [], dataRoots: [] },
  ...{ withoutTls: [], owner: 'ada', ownership: null, rotatedAt: null, shared: [] },
}
