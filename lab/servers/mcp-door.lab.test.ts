import { type RequestListener, request } from 'node:http'
import { join } from 'node:path'
import { runScenario } from '@upkeep/app/conformance/run-scenario'
import { scenarios } from '@upkeep/app/conformance/scenarios'
import { served } from '@upkeep/app/http/served.cases'
import { describe, expect, test } from 'vitest'
import { installedPackage } from './installed-package.ts'
import { serve } from './loopback.ts'

const suite = await installedPackage('@modelcontextprotocol/conformance', '0.1.16')

/** The suite can show no token: this hands its requests on with one, and with everything else as it came. */
function signedIn(target: URL, authorization: string): RequestListener {
  return (incoming, response) => {
    const { host = '', origin = target.origin, ...rest } = incoming.headers
    // Its own names become those of the door behind; any other stays what it is.
    const own = [`127.0.0.1:${incoming.socket.localPort}`, `localhost:${incoming.socket.localPort}`]
    const headers = {
      ...rest,
      authorization,
      host: own.includes(host) ? target.host : host,
      origin: own.some((one) => origin === `http://${one}`) ? target.origin : origin,
    }
    const path = incoming.url ?? '/'
    const options = { host: target.hostname, port: target.port, path, method: incoming.method, headers }
    const onward = request(options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    incoming.pipe(onward)
  }
}

describe.skipIf(suite === null)('the official suite (needs the npm registry once)', () => {
  test('every scenario that applies to a server with tools alone passes at our own door', async () => {
    const door = await served()
    const front = await serve(signedIn(new URL(door.origin), await door.token({ name: 'suite', role: 'viewer' })))
    const script = join(suite ?? '', 'node_modules/@modelcontextprotocol/conformance/dist/index.js')
    const results: Record<string, string> = {}
    try {
      for (const { id } of scenarios.filter(({ capability }) => capability === null || capability === 'tools')) {
        const run = { script, url: new URL('/mcp', front.url).href, scenario: id, nodePath: process.execPath }
        results[id] = (await runScenario({ ...run, signal: new AbortController().signal })).result
      }
    } finally {
      await front.close()
      await door.stop()
    }
    expect(results).toEqual({
      'server-initialize': 'passed',
      ping: 'passed',
      'tools-list': 'passed',
      'dns-rebinding-protection': 'passed',
    })
  })
})
