import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumHere } from '../chromium.ts'
import {
  cli,
  environmentOf,
  type Installation,
  newInstallation,
  removeInstallation,
  repository,
  upkeep,
  writeFiles,
} from './installation.ts'
import { virtualPasskey } from './virtual-passkey.ts'

const options = await chromiumHere()

/** `upkeep serve` as a person has it running; the link that it prints. */
async function serveAt(installation: Installation) {
  const child = spawn(process.execPath, [cli, 'serve', '--port', '0', '--no-duties', '--as', 'ada'], {
    cwd: installation.home,
    env: environmentOf(installation),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const link = await new Promise<string>((resolve, reject) => {
    let said = ''
    const hear = (text: string) => {
      said += text
      const found = /http:\/\/\S+\/enter\?link=[\w-]+/.exec(said)?.[0]
      if (found !== undefined) resolve(found)
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    child.once('close', () => reject(new Error(`upkeep serve ended: ${said}`)))
  })
  return {
    link,
    async stop() {
      child.kill('SIGINT')
      await ended
    },
  }
}

describe.skipIf(options === null)('passkeys in a browser (needs Chromium: CHROMIUM_PATH)', () => {
  let installation: Installation
  let served: Awaited<ReturnType<typeof serveAt>>
  let browser: Browser
  let page: Page
  const config = () => join(installation.home, '.cursor', 'mcp.json')
  beforeAll(async () => {
    if (!existsSync(join(repository, 'console', 'dist', 'index.html'))) {
      const vite = join(repository, 'node_modules', 'vite', 'bin', 'vite.js')
      spawnSync(process.execPath, [vite, 'build', 'console', '--logLevel', 'warn'], { cwd: repository })
    }
    installation = newInstallation()
    writeFiles(installation.home, {
      'upkeep.yaml': 'version: 1\npeople:\n  - { id: ada, name: Ada, roles: [admin, operator, approver] }\n',
      '.cursor/mcp.json': JSON.stringify({ mcpServers: { fs: { command: 'npx', args: ['-y', 'crm@1.0.0'] } } }),
    })
    served = await serveAt(installation)
    browser = await chromium.launch(options ?? {})
    page = await browser.newPage()
    await page.goto(served.link)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
    removeInstallation(installation)
  })

  test('a session alone approves nothing; a passkey that is enrolled does, the change is made, and the evidence holds', async () => {
    const { origin } = new URL(served.link)
    expect(new URL(served.link).hostname).toBe('localhost')
    const change = await page.evaluate(async () => {
      const headers = { 'content-type': 'application/json' }
      const ask = (path: string, body: unknown) =>
        fetch(`/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }).then((one) => one.json())
      await ask('scan', {})
      await ask('fix', { what: ['fs'], disable: true })
      const { changes } = await (await fetch('/api/v1/changes')).json()
      return String(changes[0]?.id)
    })
    const before = readFileSync(config(), 'utf8')
    await page.goto(`${origin}/changes/${change}`)
    const approve = page.getByRole('button', { name: /^Approve: / })
    await approve.click()
    await page.getByText('nor a passkey of theirs').waitFor()

    const passkey = await virtualPasskey(page)
    await page.goto(`${origin}/settings`)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('Your first: it was believed').waitFor()

    await page.goto(`${origin}/changes/${change}`)
    await passkey.verifies(false)
    await approve.click()
    await page.getByText('Nothing was decided: the passkey was not used').waitFor()
    await passkey.verifies(true)
    await approve.click()
    await page.getByText('signed with a passkey of theirs').waitFor()
    expect(readFileSync(config(), 'utf8')).toBe(before)

    const made = await page.evaluate(async (id) => {
      const headers = { 'content-type': 'application/json' }
      const asked = { method: 'POST', headers, body: JSON.stringify({ change: id }) }
      return (await fetch('/api/v1/fix', asked)).status
    }, change)
    expect(made).toBe(200)
    expect(readFileSync(config(), 'utf8')).not.toBe(before)
    const document = await upkeep(installation, ['changes', change, '--document'], { cwd: installation.home })
    expect(`${document.stdout}${document.stderr}`).toContain('verified by the key in force then')
    expect((await upkeep(installation, ['verify'], { cwd: installation.home })).exitCode).toBe(0)
  }, 90_000)
})
