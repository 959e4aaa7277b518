import { judgeTuning } from '@upkeep/domain/control-costs/judge-tuning'
import { afterEach, describe, expect, test } from 'vitest'
import { type AuthProxy, startAuthProxy } from './auth-proxy.ts'
import { negativeSuite } from './negative-suite.ts'
import { installedEverything } from './server-everything.ts'

const script = await installedEverything()
const closing: AuthProxy[] = []
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close()
})

async function suiteOf(without?: 'origin'): Promise<ReturnType<typeof negativeSuite>> {
  const upstream = { command: process.execPath, args: [script ?? '', 'stdio'], env: {}, cwd: '/' }
  const proxy = await startAuthProxy(upstream, without === undefined ? {} : { without })
  closing.push(proxy)
  return negativeSuite(proxy.url, proxy.token)
}

describe.skipIf(script === null)(
  'tunings of server-everything behind the auth proxy (needs the npm registry once)',
  () => {
    test('"disable the Origin check" is refused, with the probe that fails', async () => {
      const [suiteWithout, suiteWith] = [await suiteOf(), await suiteOf('origin')]
      expect(suiteWithout.map(({ probe, outcome }) => `${probe} ${outcome}`)).toEqual([
        'authentication held',
        'origin held',
        'host held',
        'cors held',
      ])
      expect(judgeTuning({ suiteWithout, suiteWith })).toMatchObject({ state: 'refused', probe: 'origin' })
    })

    test('one that takes no control away keeps every probe', async () => {
      const [suiteWithout, suiteWith] = [await suiteOf(), await suiteOf()]
      expect(judgeTuning({ suiteWithout, suiteWith })).toEqual({ state: 'keeps', probes: 4 })
    })
  },
)
