import { attemptAt, bearer } from '@upkeep/lab/servers/attempts'
import { type SdkServer, startSdkServer } from '@upkeep/lab/servers/sdk-server'
import { describe, expect, it } from 'vitest'
import { audience } from './audience/probe.ts'
import { authentication } from './authentication/probe.ts'
import { errorLeakage } from './error-leakage/probe.ts'
import { host } from './host/probe.ts'
import { inputSize } from './input-size/probe.ts'
import { origin } from './origin/probe.ts'

const token = (server: SdkServer) => server.token
const foreign = (server: SdkServer) => ({ foreignAuthorization: bearer(server.foreignToken) })
type Options = Parameters<typeof startSdkServer>[0]
const sound = { authentication: 'bearer', guards: true } as const

describe.each(['initialize', 'discover'] as const)('a server that speaks %s alone', (only) => {
  it.each([
    [authentication, sound, 'held'],
    [authentication, { authentication: 'none', guards: true }, 'broken'],
    [audience, sound, 'held'],
    [audience, { authentication: 'any-audience', guards: true }, 'broken'],
    [origin, sound, 'held'],
    [origin, { authentication: 'bearer', guards: false }, 'broken'],
    [host, sound, 'held'],
    [host, { authentication: 'bearer', guards: false }, 'broken'],
    [errorLeakage, sound, 'held'],
    [inputSize, sound, 'held'],
  ] satisfies [object, Options, string][])(
    'each probe tells a sound target from a broken one: %#',
    async (probe, options, outcome) => {
      const found = await attemptAt(probe, startSdkServer({ ...options, only }), token, foreign)
      expect(found.outcome).toBe(outcome)
    },
  )
})
