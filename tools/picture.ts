import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type LaunchOptions } from 'playwright-core'
import { chromiumHere } from '../lab/chromium.ts'

const root = join(import.meta.dirname, '..')
const picture = join(root, 'docs', 'images', 'report.png')

/** Draws the picture in the README: the HTML report of the practice fleet, as a browser shows it. */
async function main(): Promise<void> {
  const options = await chromiumHere()
  if (options === null) {
    console.error('No Chromium was found, so the picture stays as it is. Name one with CHROMIUM_PATH.')
    process.exitCode = 3
    return
  }
  const state = mkdtempSync(join(tmpdir(), 'upkeep-picture-'))
  try {
    await draw(practiceReport(state), options)
    console.log(`${picture}: ${Math.round(statSync(picture).size / 1_000)} kB`)
  } finally {
    rmSync(state, { recursive: true, force: true })
  }
}

function practiceReport(state: string): string {
  const report = join(state, 'report.html')
  const ended = spawnSync(
    process.execPath,
    [join(root, 'app', 'cli', 'main.ts'), 'scan', '--practice', '--html', report],
    {
      env: { ...process.env, UPKEEP_HOME: state },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  // 1 and 3 say what was found; anything else, that nothing was drawn.
  if (![0, 1, 3].includes(ended.status ?? -1)) throw new Error(`upkeep scan --practice ended with ${ended.status}`)
  return report
}

async function draw(report: string, options: LaunchOptions): Promise<void> {
  const browser = await chromium.launch(options)
  try {
    const page = await browser.newPage({ viewport: { width: 1_120, height: 1_180 } })
    await page.goto(pathToFileURL(report).href)
    await page.screenshot({ path: picture })
  } finally {
    await browser.close()
  }
}

await main()
