import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attemptAt } from '@upkeep/lab/servers/attempts'
import { serve } from '@upkeep/lab/servers/loopback'
import { bodyOf } from '@upkeep/lab/servers/scripted'
import { afterAll, describe, expect, it } from 'vitest'
import { logDelivery } from './probe.ts'

const folder = mkdtempSync(join(tmpdir(), 'upkeep-log-delivery-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A gateway that denies `delete-all` and logs it after so long; null: never. */
function gateway(path: string, logsAfterMs: number | null, denies = true) {
  return serve(async (request, response) => {
    const { id, method, params } = JSON.parse((await bodyOf(request)) || '{}')
    const denied = denies && method === 'tools/call' && params.name === 'delete-all'
    if (denied && logsAfterMs !== null) {
      setTimeout(() => appendFileSync(path, `{"outcome":"denied","tool":"${params.name}"}\n`), logsAfterMs)
    }
    response.writeHead(denied ? 403 : 200, { 'content-type': 'application/json' })
    response.end(denied ? '' : JSON.stringify({ jsonrpc: '2.0', id, result: {} }))
  })
}
const named = (path: string) => () => ({
  denied: [{ tool: 'delete-all', arguments: {} }],
  log: { path, withinSeconds: 1 },
})

describe('log-delivery', () => {
  it('holds where the denial is in the log in time', async () => {
    const path = join(folder, 'sound.log')
    const found = await attemptAt(logDelivery, gateway(path, 200), () => null, named(path))
    expect(found).toMatchObject({ outcome: 'held', detail: expect.stringContaining('was in the log after') })
  })

  it.each([
    ['never comes', null],
    ['comes too late', 3_000],
  ])('is broken where it %s', async (_, after) => {
    const path = join(folder, `${after}.log`)
    const found = await attemptAt(logDelivery, gateway(path, after), () => null, named(path))
    expect(found).toMatchObject({ outcome: 'broken', detail: expect.stringContaining('within 1 s') })
  })

  it('says nothing where nothing was denied, or the log cannot be read', async () => {
    const path = join(folder, 'served.log')
    const served = await attemptAt(logDelivery, gateway(path, 0, false), () => null, named(path))
    expect(served).toMatchObject({ outcome: 'inconclusive', detail: expect.stringContaining('no denial to log') })
    const unreadable = await attemptAt(logDelivery, gateway(path, 0), () => null, named(folder))
    expect(unreadable).toMatchObject({ outcome: 'inconclusive' })
  })

  it('has nothing to try where no log is named', async () => {
    expect(await attemptAt(logDelivery, gateway('', null))).toMatchObject({ outcome: 'not-applicable' })
  })
})
