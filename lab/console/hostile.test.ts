import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hostileAdvisory, hostileFile, hostileNames, hostileResults } from '../e2e/hostile-home.ts'
import { logCanary, startHostileServer } from '../e2e/hostile-server.ts'
import { upkeep, writeFiles } from '../e2e/installation.ts'
import { allStoredText } from '../e2e/state-database.ts'
import { serve } from '../servers/loopback.ts'
import { github } from '../servers/trackers/github.ts'
import { serveTracker, type TrackerServer } from '../servers/trackers/tracker-server.ts'
import { asThePage } from './as-the-page.ts'
import { seriousFaults } from './console-page.ts'
import { type InBrowser, inBrowser } from './in-browser.ts'

const hidden = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0000-\u0008\u000b-\u001f\u007f-\u009f]/
/** Tries to run, in every way that markup knows, and to turn the order of what stands beside it. */
const payload = `"'></td><script>window.ran=1</script><img src=x onerror=window.ran=1><svg onload=window.ran=1>\u202e\u200b{{window.ran=1}}`
const short = payload.slice(0, 90)

/** People, windows, freezes and owners of a stranger's making; a call that is denied, and its log; a tracker. */
function hostileYaml(home: string, { probe, tracker: at }: { probe: string; tracker: string }): string {
  const denied = [{ tool: payload, arguments: { [payload]: payload } }]
  return JSON.stringify({
    version: 1,
    probe: [{ url: probe, denied, log: { path: join(home, 'denials.log') } }],
    outgoing: { inner: ['127.0.0.1'] },
    tickets: [{ name: 'it', github: 'example/mcp', at, token: 'env:TRACKER_TOKEN' }],
    feeds: { osv: [join(home, 'feed')] },
    people: [
      { id: userInfo().username, name: payload, roles: ['admin', 'operator', 'approver', 'auditor'] },
      { id: 'eve', name: hostileNames[3], roles: ['viewer'] },
    ],
    servers: [{ name: '__proto__', owner: payload }],
    windows: [{ name: short, rrule: 'FREQ=WEEKLY;BYDAY=SU', at: '02:00', zone: 'Etc/UTC', duration: 'PT2H' }],
    freezes: [{ from: '2036-01-01T00:00:00Z', until: '2036-01-02T00:00:00Z', why: payload, servers: [short] }],
  })
}

let server: Awaited<ReturnType<typeof startHostileServer>>
let tracker: TrackerServer

async function prepare(home: string): Promise<void> {
  server = await startHostileServer(join(home, 'denials.log'))
  tracker = await serveTracker(github)
  writeFiles(home, {
    '.config/Claude/claude_desktop_config.json': hostileFile(),
    'feed/LAB-2026-0001.json': hostileAdvisory(),
    'results.sarif': hostileResults(),
    'denials.log': '',
    'upkeep.yaml': hostileYaml(home, { probe: server.url, tracker: tracker.url }),
  })
}

const env = () => ({ TRACKER_TOKEN: 'github-token' })

const tests = (at: InBrowser) => {
  beforeAll(async () => {
    const { installation } = at.served
    const imported = ['import', 'results', join(installation.home, 'results.sarif'), '--name', short]
    expect((await upkeep(installation, imported)).stdout).toContain('30 reports')
    await order('scan', {})
  })
  afterAll(async () => {
    server?.close()
    await tracker?.close()
  })

  const ask = async (path: string) => (await asThePage(at.page, path)).answer
  const order = async (path: string, body: object) => (await asThePage(at.page, path, body)).answer

  /** Opens an address, does something there first where that is asked, and sees that all of it is text: nothing runs, nothing hides. */
  async function isText(path: string, first: () => Promise<void> = async () => {}): Promise<void> {
    at.opened.complaints.length = 0
    await at.page.goto(`${at.served.origin}${path}`)
    await first()
    await at.page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
    for (const fold of await at.page.locator('details').all())
      await fold.evaluate((one) => one.setAttribute('open', ''))
    const seen = await at.page.evaluate(() => ({
      ran: 'ran' in window,
      strange: document.querySelectorAll('main :is(script, img, iframe, object, embed, base, [onerror], [onload])')
        .length,
      links: [...document.querySelectorAll('a')].filter(({ protocol }) => !/^(https?|blob):$/.test(protocol)).length,
      title: document.title,
      // biome-ignore lint/performance/useDomNodeTextContent: what is shown, and not what is hidden away.
      text: document.body.innerText,
    }))
    expect([path, seen.ran, seen.strange, seen.links]).toEqual([path, false, 0, 0])
    const shown = seen.title + seen.text.replaceAll(/[\n\t]/g, '')
    expect([path, hidden.exec(shown)?.[0]]).toEqual([path, undefined])
    expect([path, seen.text.length < 1_000_000]).toEqual([path, true])
    expect([path, at.opened.complaints]).toEqual([path, []])
  }

  test('every page of it is text: nothing runs, the policy stops nothing, what is hidden is made visible', async () => {
    for (const path of ['/', '/fleet', '/findings', '/findings?view=queue', '/findings?view=time', '/changes'])
      await isText(path)
    for (const path of ['/calendar', '/evidence', '/settings']) await isText(path)
    await at.page.goto(`${at.served.origin}/fleet`)
    await at.page.getByText('⟨U+202E⟩').first().waitFor()
  })

  test('each server, finding and record of it is text too', async () => {
    const { servers } = Object(await ask('servers?count=500')) as { servers: { name: string }[] }
    expect(servers.length).toBeGreaterThan(10)
    for (const { name } of servers.filter((one) => one.name.length < 1_000))
      await isText(`/fleet/${encodeURIComponent(name)}`)
    const { findings } = Object(await ask('findings?count=500')) as { findings: { finding: Finding }[] }
    expect(findings.length).toBeGreaterThan(5)
    for (const { finding } of findings.slice(0, 12)) await isText(`/findings/${finding.statement.fingerprint}`)
    const { runs } = Object(await ask('runs?count=20')) as { runs: { id: string; observations: string | null }[] }
    for (const { id, observations } of runs.slice(0, 4)) {
      await isText(`/evidence/${id}`)
      if (observations !== null) await isText(`/evidence/${observations}`)
    }
  })

  test('what a server answered to an attack is shown turn by turn, and is text', async () => {
    const { findings } = Object(await ask('findings?about=health-checks&count=500')) as {
      findings: { finding: Finding }[]
    }
    const fingerprint = findings[0]?.finding.statement.fingerprint ?? 'none'
    await isText(`/findings/${fingerprint}`, async () => {
      await at.page.getByRole('button', { name: 'Show what was sent' }).click()
      await at.page.locator('.transcript').first().waitFor()
    })
    expect(await at.page.locator('details > summary').allInnerTexts()).toEqual([expect.stringMatching(/^ESCAPED: /)])
    expect(await at.page.locator('.transcript li').last().textContent()).toContain('ESCAPED')
    expect(await at.page.locator('.transcript pre').first().textContent()).toMatch(/POST|GET|OPTIONS/)
    expect(await seriousFaults(at.page)).toEqual([])
    await at.page.setViewportSize({ width: 360, height: 780 })
    expect(await at.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    await at.page.setViewportSize({ width: 1_200, height: 900 })
    const { run, statement } = findings[0]?.finding ?? {}
    const { body: ran } = Object(await ask(`show?id=${run}`))
    const { body: manifest } = Object(await ask(`show?id=${ran.observations}`)) as { body: Line[] }
    const isOfIt = ({ kind, subject }: Line) => kind === 'control-probes' && subject.id === statement?.subject.id
    await isText(`/evidence/${manifest.find(isOfIt)?.observation}`)
    const verdicts = (await at.page.locator('details > summary').allInnerTexts()).map((text) => text.split(': ')[0])
    expect(verdicts.length).toBeGreaterThan(5)
    expect(verdicts[0]).toBe('ESCAPED')
    expect(new Set(verdicts)).toContain('BLOCKED')
  })

  test('what is typed over the API comes back as text: reasons, and the names that go into a change', async () => {
    const { findings } = Object(await ask('findings?count=1')) as { findings: { finding: Finding }[] }
    const fingerprint = findings[0]?.finding.statement.fingerprint ?? ''
    const window = { rrule: 'FREQ=DAILY', at: '03:00', zone: 'Etc/UTC', duration: 'PT1H' }
    const { change } = Object(
      await order('window/set', { name: `x${short}`.slice(0, 90), ...window, propose: true, reason: payload }),
    ) as { change: { id: string } }
    await isText(`/changes/${change.id}`)
    await at.page.getByRole('button', { name: 'Show the document' }).click()
    await at.page.getByRole('region', { name: 'The document' }).waitFor()
    expect(await at.page.evaluate(() => 'ran' in window)).toBe(false)
    await order('changes', { change: change.id, abandon: true, reason: payload })
    await isText(`/changes/${change.id}`)
    await isText('/changes?view=all')
    await order('accept', { finding: fingerprint, until: '30d', reason: payload })
    await isText(`/findings/${fingerprint}`)
    expect(at.opened.elsewhere).toEqual([])
  })

  test('the ticket of a change is shown as its tracker tells it, and is text; it leads to the tracker and nowhere else', async () => {
    const day = { from: '2037-01-01T00:00:00Z', until: '2037-01-02T00:00:00Z' }
    const { change } = Object(await order('freeze/set', { why: payload, ...day, propose: true })) as {
      change: { id: string }
    }
    await order('tickets/sync', {})
    const ticket = tracker.tickets.at(-1)
    if (ticket === undefined) throw new Error('no ticket was opened')
    ticket.status = `closed ${payload.replaceAll(' ', '/')}`
    ticket.closedBy = payload
    ticket.comments.push(payload)
    await order('tickets/sync', {})
    await isText(`/changes/${change.id}`)
    expect(await at.page.locator('[aria-labelledby="ticket"]').textContent()).toContain('onerror=window.ran=1')
    const links = await at.page
      .locator('[aria-labelledby="ticket"] a')
      .evaluateAll((all) => all.map((a) => String(Object(a).href)))
    expect(links).toEqual([`${tracker.url}/example/mcp/issues/${ticket.number}`])
    await isText('/')
    expect([tracker.refused, at.opened.elsewhere]).toEqual([[], []])
  })

  test('what people state is a record like others, and is text', async () => {
    const said = { scope: short, statement: payload, limits: payload, evidence: [payload] }
    const { attestation } = Object(await order('attest', { ...said, role: 'operator', until: '30d' })) as {
      attestation: { id: string; statement: string }
    }
    expect(attestation.statement).toBe(payload)
    await isText(`/evidence/${attestation.id}`)
    expect(await at.page.locator('main').textContent()).toContain('onerror=window.ran=1')
    await order('scan', {})
    for (const path of ['/', '/evidence', '/findings', '/settings']) await isText(path)
  })

  test("another scanner's results are beside ours, and are text", async () => {
    const { results } = Object(await ask('results/list')) as { results: object[] }
    expect(results).toHaveLength(1)
    const { runs } = Object(await ask('runs?count=20')) as { runs: { id: string; observations: string | null }[] }
    let seen = 0
    for (const { observations } of runs) {
      if (observations === null) continue
      const { body } = Object(await ask(`show?id=${observations}`)) as { body: Line[] }
      const line = body.find(({ kind }) => kind === 'foreign-results')
      if (line === undefined || seen > 0) continue
      await isText(`/evidence/${line.observation}`)
      seen += 1
    }
    expect(seen).toBe(1)
    const { findings } = Object(await ask('findings?search=CVE-2026-10&count=20')) as {
      findings: { finding: Finding }[]
    }
    expect(findings.length).toBeGreaterThan(0)
    for (const { finding } of findings.slice(0, 3)) await isText(`/findings/${finding.statement.fingerprint}`)
  })

  test('a page of another port is sent the cookie, and whoever listens there can do nothing with it', async () => {
    const { hostname } = new URL(at.served.origin)
    const stolen: string[] = []
    const other = await serve((request, response) => {
      stolen.push(request.headers.cookie ?? '')
      response.end('<!doctype html><title>harmless</title>')
    })
    await at.page.goto(`http://${hostname}:${other.port}/`)
    await other.close()
    const [cookie = ''] = stolen
    expect(cookie).toMatch(/upkeep_session=[\w-]{43}/)
    const { origin } = at.served
    const headers = { cookie, origin, 'content-type': 'application/json' }
    for (const path of ['findings', 'evidence/export', 'changes'])
      expect([path, (await fetch(`${origin}/api/v1/${path}`, { headers })).status]).toEqual([path, 403])
    const write = { method: 'POST', headers, body: '{}' }
    expect((await fetch(`${origin}/api/v1/scan`, write)).status).toBe(403)
    expect((await fetch(`${origin}/bind`, { ...write, body: `{"key":"${'x'.repeat(43)}"}` })).status).toBe(403)
    expect((await fetch(`${origin}/mcp`, write)).status).toBe(403)
    await isText('/')
    expect((await asThePage(at.page, 'findings')).status).toBe(200)
    await at.goto('/evidence')
    const [pack] = await Promise.all([
      at.page.waitForEvent('download', { timeout: 120_000 }),
      at.button('Download the pack').click(),
    ])
    expect(pack.suggestedFilename()).toBe('upkeep-evidence.json')
    expect(JSON.parse(readFileSync(await pack.path(), 'utf8'))).toHaveProperty('leaves')
  })

  test('lines of a log are looked through for what was denied, and nothing of them is kept', async () => {
    const log = readFileSync(join(at.served.installation.home, 'denials.log'), 'utf8')
    expect(log).toContain(logCanary)
    expect(allStoredText(at.served.installation)).not.toContain(logCanary)
  })
}

inBrowser('a console over strangers’ texts', prepare, tests, { env })

interface Finding {
  run: string
  statement: { fingerprint: string; subject: { id: string } }
}

interface Line {
  kind: string
  subject: { id: string }
  observation: string
}
