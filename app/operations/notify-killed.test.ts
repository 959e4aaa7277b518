import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { serve } from '@upkeep/lab/servers/loopback'
import { expect, test } from 'vitest'
import { deliverWaiting } from '../tell-people.ts'
import { notifyLog } from './notify-log.ts'
import { testProduct } from './product.cases.ts'

const door = join(import.meta.dirname, '../cli/start.ts')

test('killed with signal 9 while it waits for an answer, the message is sent by another process, under the same id, and then no more', async () => {
  const ids: string[] = []
  let arrived = () => {}
  const first = new Promise<void>((resolve) => {
    arrived = resolve
  })
  // The first is never answered.
  const service = await serve((request, response) => {
    ids.push(String(request.headers['webhook-id']))
    if (ids.length === 1) arrived()
    else response.end()
  })
  const product = testProduct()
  product.write(
    'upkeep.yaml',
    `version: 1\noutgoing: { inner: [127.0.0.1] }\nnotify: [{ name: pager, webhook: '${service.url}' }]\n`,
  )
  const env = { ...process.env, HOME: product.home, UPKEEP_HOME: product.state, XDG_CONFIG_HOME: product.home }
  const child = spawn(process.execPath, [door, 'notify', 'test'], { cwd: product.home, env, stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('close', (_code, signal) => resolve(signal)))
  try {
    await first
    child.kill('SIGKILL')
    expect(await ended).toBe('SIGKILL')
    const log = async () => (await product.run(notifyLog)).output.deliveries
    const later = (minutes: number) => product.clock.set(new Date(Date.now() + minutes * 60_000).toISOString())
    later(1)
    await product.within(deliverWaiting)
    expect(ids).toHaveLength(1)
    expect(await log()).toMatchObject([{ state: 'due', attempts: 1 }])
    later(3)
    await product.within(deliverWaiting)
    later(10)
    await product.within(deliverWaiting)
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
    expect(await log()).toMatchObject([{ state: 'delivered', attempts: 2, id: ids[0] }])
  } finally {
    child.kill('SIGKILL')
    await service.close()
  }
}, 60_000)
