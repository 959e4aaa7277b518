import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startAuthProxy } from '../servers/auth-proxy.ts'
import { buildFleet } from './build.ts'
import { startBare } from './everything.ts'

/** Starts F3: server-everything bare on every address, or behind the practice auth proxy on loopback. Runs until it is stopped. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: { type: 'string', default: '.cache/lab-fleet' }, port: { type: 'string', default: '3001' } },
  })
  const { everythingScript } = await buildFleet(resolve(values.out), (line) => console.error(line))
  if (positionals[0] === 'bare') await bare(everythingScript, Number(values.port))
  else if (positionals[0] === 'proxied') await proxied(everythingScript)
  else throw new Error('say which: bare or proxied')
}

async function bare(script: string, port: number): Promise<void> {
  const running = await startBare(script, port)
  untilStopped(running.stop)
  console.log(`bare, for whoever asks: ${running.url}`)
}

async function proxied(script: string): Promise<void> {
  const proxy = await startAuthProxy({ command: process.execPath, args: [script, 'stdio'], env: {}, cwd: tmpdir() })
  untilStopped(proxy.close)
  console.log(`behind the auth proxy: ${proxy.url}\ntoken: ${proxy.token}`)
}

function untilStopped(stop: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop().finally(() => process.exit(0))
    })
  }
}

await main()
