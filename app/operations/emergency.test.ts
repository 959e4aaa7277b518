import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Hook, openHook } from '@upkeep/lab/servers/webhook'
import PostalMime from 'postal-mime'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { changes } from './changes.ts'
import { emergency } from './emergency.ts'
import { findings } from './findings.ts'
import { fix } from './fix.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import { servers } from './servers.ts'
import { undo } from './undo.ts'
import { verify } from './verify.ts'

const key = `whsec_${Buffer.from('a key of the test, long enough').toString('base64')}`
const plain = { width: 120, colour: false, ascii: true, verbose: false }
const config = (product: TestProduct) => join(product.home, '.cursor/mcp.json')
const textOf = (path: string) => readFileSync(path, 'utf8')

let hook: Hook
beforeEach(async () => {
  hook = await openHook()
})
afterEach(() => hook.close())

/** A file that anybody may write, on a machine whose registry, mail program and one webhook are down. */
async function exposed(people = '') {
  const product = testProduct({ npm_config_registry: 'http://127.0.0.1:9/', HOOK_KEY: key })
  const mail = join(product.home, 'sendmail')
  product.write(
    'upkeep.yaml',
    `version: 1
outgoing: { inner: [127.0.0.1] }
notify:
  - { name: pager, webhook: '${hook.url}', secret: 'env:HOOK_KEY' }
  - { name: down, webhook: 'http://127.0.0.1:9/' }
  - { name: inside, webhook: 'https://169.254.169.254/' }
  - { name: mail, mail: ops@example.org, from: upkeep@example.org, sendmail: ${mail} }
${people}`,
  )
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { fs: { command: 'node', args: ['x.js'] } } }))
  for (const folder of [dirname(product.home), product.home, dirname(config(product))]) chmodSync(folder, 0o755)
  chmodSync(config(product), 0o666)
  await product.run(scan, { duties: ['vulnerability-scanning'] }, 'ada')
  product.answer = 'yes'
  const { output } = await product.run(findings, {}, 'ada')
  const found = JSON.stringify(output).match(/"fingerprint":"([0-9a-f]{16,})"/)?.[1] ?? ''
  return { product, found, mail }
}

test('an emergency: traces are kept and sealed before the first write, one word suffices, all is timed, what is down holds nothing up', async () => {
  const { product, found } = await exposed()
  const { output, outcome } = await product.run(emergency, { what: found.slice(0, 12), reason: 'it is exploited' })
  expect(outcome).toBeUndefined()
  expect(output.change).toMatchObject({ phase: 'closed', outcome: 'done' })
  expect(textOf(config(product))).not.toContain('x.js')
  expect(output.evidence.map(({ name }) => name)).toEqual(expect.arrayContaining(['client-config', 'declared-server']))
  expect(output.secondsToContain).toBeGreaterThanOrEqual(0)
  expect(output.reviewDue).toBe(
    '2026-11-23T09:30:00.000Z'.replace('09:30:00.000', output.reviewDue?.slice(11, 23) ?? ''),
  )
  expect(Object.fromEntries(output.told.slice(0, 4).map((one) => [one.channel, one.detail]))).toEqual({
    pager: '',
    down: expect.stringContaining('nothing accepts connections'),
    inside: 'the address is not a public one',
    mail: 'the mail program could not be started; it is tried again',
  })
  const [post] = hook.posts
  const sentAt = new Date(Number(post?.headers['webhook-timestamp']) * 1_000)
  expect(post?.headers['webhook-signature']).toBe(
    new Webhook(key).sign(post?.headers['webhook-id'] ?? '', sentAt, post?.body ?? ''),
  )
  expect(hook.told().map(({ event }) => event)).toEqual(['emergency-opened', 'emergency-contained'])
  const shown = (await product.run(changes, { change: output.change.id })).text(plain)
  const at = (words: string) => shown.indexOf(words)
  expect(at('kept before anything was touched')).toBeGreaterThan(at('emergency: 1 place'))
  expect(at('begun by')).toBeGreaterThan(at('kept before anything was touched'))
  expect(shown).toMatch(/contained \d+ s after it was opened/)
  expect(shown).toContain('down could not be told: nothing accepts connections there')
  // What came of telling about its end stands in the record too, and opens nothing again.
  expect(shown).toContain('pager was told (contained)')
  expect(at('pager was told (contained)')).toBeGreaterThan(at('closed, done'))
  expect((await product.run(changes)).output.changes).toEqual([])
  expect((await product.run(verify)).output.evidence.valid).toBe(true)
})

test('a rehearsal does all of it but write, and can never be made', async () => {
  const { product, found } = await exposed()
  const { output } = await product.run(emergency, { what: found, rehearse: true })
  expect(output).toMatchObject({
    rehearsal: true,
    secondsToContain: null,
    reviewDue: null,
    change: { outcome: 'abandoned' },
  })
  expect(output.evidence.length).toBeGreaterThan(0)
  expect(output.change.plan.title).toMatch(/^Rehearsal: /)
  expect(hook.told()[0]).toMatchObject({ rehearsal: true })
  expect(textOf(config(product))).toContain('x.js')
  await expect(product.run(fix, { change: output.change.id })).rejects.toThrow('is closed')
})

test('one approver suffices, also the one who opened it; without a person nothing is written', async () => {
  const people =
    'people: [{ id: ada, name: Ada, roles: [operator, approver] }, { id: bob, name: Bob, roles: [approver] }]\n'
  const { product, found } = await exposed(people)
  product.answer = null
  await expect(product.run(emergency, { what: found }, 'ada')).rejects.toThrow('waits for the approval of a person')
  expect(textOf(config(product))).toContain('x.js')
  const [open] = (await product.run(changes, {}, 'ada')).output.changes
  await product.run(changes, { change: open?.id, abandon: true }, 'ada')
  product.answer = 'yes'
  expect((await product.run(emergency, { what: found }, 'ada')).output.change.outcome).toBe('done')
})

test('mail is handed over as one message, whatever its subject holds', async () => {
  const { product, found, mail } = await exposed()
  writeFileSync(mail, `#!/bin/sh\ncat >> '${product.home}/mails'\n`, { mode: 0o700 })
  await product.run(emergency, { what: found, rehearse: true })
  const text = readFileSync(join(product.home, 'mails'), 'utf8')
  const mailed = await PostalMime.parse(text)
  expect(mailed).toMatchObject({ to: [{ address: 'ops@example.org' }], from: { address: 'upkeep@example.org' } })
  expect(mailed.text).toContain('REHEARSAL: Emergency opened')
})

test('what nobody has is no emergency', async () => {
  const { product } = await exposed()
  await expect(product.run(emergency, { what: 'nobody' })).rejects.toThrow('has the name "nobody"')
})

test('a server is off in three client formats, and undoing switches it on again to the byte', async () => {
  const product = testProduct()
  const files = {
    '.cursor/mcp.json':
      '{ "mcpServers": { "crm": { "command": "npx", "args": ["crm@1.0.0"] }, "fs": { "command": "x" } } }\n',
    '.codex/config.toml': '# mine\n[mcp_servers.crm]\ncommand = "npx"\nargs = ["crm@1.0.0"]\n',
    '.continue/config.yaml':
      'name: a\nversion: 1.0.0\nschema: v1\nmcpServers:\n  - name: crm\n    command: npx\n    args: [crm@1.0.0]\n  - name: fs\n    command: x\n',
  }
  for (const [name, text] of Object.entries(files)) product.write(name, text)
  await product.run(scan, { duties: ['vulnerability-scanning'] })
  product.answer = 'yes'
  const { output } = await product.run(emergency, { what: 'crm', reason: 'it is exploited' })
  expect(output.affected.map(({ name }) => name)).toEqual(['crm', 'crm', 'crm'])
  expect(output.change).toMatchObject({ outcome: 'done', plan: { class: 'emergency' } })
  await product.run(scan, { duties: ['vulnerability-scanning'] })
  const { output: after } = await product.run(servers)
  const crm = after.servers.filter(({ name, disabled }) => name === 'crm' && !disabled)
  expect(crm).toEqual([])
  expect(after.servers.filter(({ name }) => name === 'fs')).toHaveLength(2)
  await expect(product.run(emergency, { what: 'crm' })).rejects.toThrow(/is on that could be switched off|has the name/)
  await product.run(undo, { change: output.change.id })
  for (const [name, text] of Object.entries(files)) expect(readFileSync(join(product.home, name), 'utf8')).toBe(text)
})
