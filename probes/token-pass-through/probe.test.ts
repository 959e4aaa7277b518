import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attemptAt } from '@upkeep/lab/servers/attempts'
import type { SdkServer } from '@upkeep/lab/servers/sdk-server'
import { startWithUpstream } from '@upkeep/lab/servers/with-upstream'
import { afterAll, describe, expect, it } from 'vitest'
import { tokenPassThrough } from './probe.ts'

const folder = mkdtempSync(join(tmpdir(), 'upkeep-pass-through-'))
afterAll(() => rmSync(folder, { recursive: true }))

const named = (log: string) => () => ({
  upstream: { tool: 'weather', arguments: {}, log, shows: '/weather', withinSeconds: 1 },
})
const token = (server: SdkServer) => server.token

describe('token-pass-through', () => {
  it('holds where the server asks its upstream with a credential of its own', async () => {
    const log = join(folder, 'sound.log')
    const found = await attemptAt(tokenPassThrough, startWithUpstream(log, false), token, named(log))
    expect(found).toMatchObject({ outcome: 'held', detail: expect.stringContaining('without the token') })
  })

  it('is broken where the token of the client goes on, and is not repeated here', async () => {
    const log = join(folder, 'broken.log')
    const server = startWithUpstream(log, true)
    const found = await attemptAt(tokenPassThrough, server, token, named(log))
    expect(found).toMatchObject({ outcome: 'broken', detail: expect.stringContaining('the token is in what goes out') })
    expect(JSON.stringify(found)).not.toContain((await server).token)
  })

  it('says nothing where no request went out, or the log cannot be read', async () => {
    const silent = join(folder, 'silent.log')
    const quiet = await attemptAt(tokenPassThrough, startWithUpstream(silent, true, false), token, named(silent))
    expect(quiet).toMatchObject({ outcome: 'inconclusive', detail: expect.stringContaining('nothing that fits') })
    const unreadable = await attemptAt(tokenPassThrough, startWithUpstream(silent, true), token, named(folder))
    expect(unreadable).toMatchObject({ outcome: 'inconclusive' })
  })

  it('has nothing to try without a token, or where nothing is named', async () => {
    const log = join(folder, 'none.log')
    expect(await attemptAt(tokenPassThrough, startWithUpstream(log, true), token)).toMatchObject({
      outcome: 'not-applicable',
    })
    expect(await attemptAt(tokenPassThrough, startWithUpstream(log, true), () => null, named(log))).toMatchObject({
      outcome: 'not-applicable',
    })
  })
})
