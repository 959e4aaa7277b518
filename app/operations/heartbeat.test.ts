import { newId } from '@upkeep/engine/kernel/ids'
import { type Hook, openHook } from '@upkeep/lab/servers/webhook'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { afterRound } from './after-round.ts'
import { inbox } from './inbox.ts'
import { drifted, type Told, toldHome } from './notify.cases.ts'
import { notifyLog } from './notify-log.ts'

let hook: Hook
beforeEach(async () => {
  hook = await openHook()
})
afterEach(() => hook.close())

const heart = 'outgoing: { inner: [127.0.0.1] }\nheartbeat: { url: env:HEART_URL }\n'
const env = () => ({ HEART_URL: `${hook.url}/secret-of-the-address` })
const log = async ({ product }: Told) => (await product.run(notifyLog, { channel: 'heartbeat' })).output.deliveries

test('each round that was whole gives one sign of life, and the log holds no address', async () => {
  const told = await toldHome(heart, env())
  await told.round()
  await told.round()
  expect(hook.posts).toHaveLength(2)
  expect(await log(told)).toMatchObject([{ state: 'delivered' }, { state: 'delivered', recipient: 'env:HEART_URL' }])
  expect(JSON.stringify(await log(told))).not.toContain('secret-of-the-address')
})

test('findings do not hold it back: they are told of, and the round was whole', async () => {
  const told = await toldHome(heart, env())
  told.servers(drifted)
  await told.round()
  expect(hook.posts).toHaveLength(1)
})

test('where a duty of the round did not end, or nothing ran, there is none', async () => {
  const told = await toldHome(heart, env())
  await told.product.within(async (context) => {
    const store = await context.store()
    const [run] = await store.runs.list({ limit: 1 })
    if (run === undefined) throw new Error('there was a round')
    await store.runs.append({ ...run, id: newId(context.clock.now()), duty: 'health-checks', outcome: 'failed' })
    await afterRound(context, { round: run.round, ran: [run.duty] })
    await afterRound(context, { round: null, ran: [] })
  })
  expect(hook.posts).toEqual([])
  expect(await log(told)).toMatchObject([{ state: 'not-sent', why: expect.stringContaining('health-checks') }])
})

test('while somebody could not be told there is none: its silence is heard elsewhere', async () => {
  const told = await toldHome(`${heart}notify: [{ name: pager, webhook: 'http://127.0.0.1:9/' }]\n`, env())
  told.servers(drifted)
  await told.round()
  expect(hook.posts).toEqual([])
  expect(await log(told)).toMatchObject([
    { state: 'not-sent', why: expect.stringContaining('"pager" could not be told') },
  ])
})

test('one that does not arrive asks in the inbox, and goes from it with the next that does', async () => {
  const told = await toldHome(heart, env())
  const asked = async () => (await told.product.run(inbox)).output.items.filter(({ kind }) => kind === 'not-told')
  hook.answer(500)
  await told.round()
  expect(await asked()).toMatchObject([{ subject: 'heartbeat', question: expect.stringContaining('it answered 500') }])
  hook.answer(200)
  await told.round()
  expect(await asked()).toEqual([])
})

test('its address has to be where it is said to be, and a public one unless it is listed', async () => {
  const told = await toldHome(heart)
  await told.round()
  expect(await log(told)).toMatchObject([{ state: 'failed', why: expect.stringContaining('not where it is said') }])
  const inside = await toldHome('heartbeat: { url: env:HEART_URL, method: GET }\n', {
    HEART_URL: 'https://169.254.169.254/',
  })
  await inside.round()
  expect(await log(inside)).toMatchObject([{ state: 'failed', why: 'the address is not a public one' }])
})
