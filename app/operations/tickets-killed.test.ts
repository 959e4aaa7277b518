import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { github } from '@upkeep/lab/servers/trackers/github'
import { serveTracker } from '@upkeep/lab/servers/trackers/tracker-server'
import { expect, test } from 'vitest'
import { ticketedHome } from './tickets.cases.ts'

const door = join(import.meta.dirname, '../cli/start.ts')

test('killed with signal 9 after the tracker made the ticket and before that was written down, there is one ticket in the end', async () => {
  const tracker = await serveTracker(github)
  const home = await ticketedHome(tracker.url)
  const { product } = home
  const yaml = readFileSync(join(product.home, 'upkeep.yaml'), 'utf8')
  product.write('upkeep.yaml', 'version: 1\n')
  const change = await home.propose()
  product.write('upkeep.yaml', yaml)
  const env = {
    ...process.env,
    ...{ HOME: product.home, UPKEEP_HOME: product.state, XDG_CONFIG_HOME: product.home, TOKEN: 'github-token' },
  }
  const child = spawn(process.execPath, [door, 'tickets', 'sync'], { cwd: product.home, env, stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('close', (_code, signal) => resolve(signal)))
  // The ticket is there, and its maker never hears of it.
  tracker.fault = ({ method }, when) => {
    if (method !== 'POST' || when !== 'after') return null
    child.kill('SIGKILL')
    return 'hang'
  }
  try {
    expect(await ended).toBe('SIGKILL')
    tracker.fault = null
    expect(tracker.tickets).toHaveLength(1)
    const later = (minutes: number) => product.clock.set(new Date(Date.now() + minutes * 60_000).toISOString())
    later(1)
    await home.round()
    expect(await home.log()).toMatchObject([{ state: 'due', attempts: 1 }])
    later(3)
    await home.round()
    await home.sync()
    expect(await home.log()).toMatchObject([{ state: 'delivered', why: 'it was there already: example/mcp#1' }])
    expect(tracker.tickets).toHaveLength(1)
    expect(await home.tickets()).toMatchObject([{ change, key: 'example/mcp#1', state: 'open', differs: [] }])
  } finally {
    child.kill('SIGKILL')
    await tracker.close()
  }
}, 60_000)
