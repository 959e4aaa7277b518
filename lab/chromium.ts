import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { LaunchOptions } from 'playwright-core'

const usualPlaces = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
/** How it is started: no sandbox of its own where root runs it, and no word to anyone. */
const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
const cache = resolve(import.meta.dirname, '..', '.cache')

/**
 * How a Chromium is started here: the one that CHROMIUM_PATH names, one in a usual place, else the one that npm brought (Linux on x64), which
 * is unpacked once into `.cache`. Null where there is none.
 */
export async function chromiumHere(): Promise<LaunchOptions | null> {
  const named = process.env.CHROMIUM_PATH
  if (named !== undefined && named !== '') return existsSync(named) ? { executablePath: named, args } : null
  const installed = usualPlaces.find((path) => existsSync(path))
  if (installed !== undefined) return { executablePath: installed, args }
  return platform() === 'linux' && arch() === 'x64' ? broughtByNpm() : null
}

/** It needs nothing of the machine but its C library: what else it links to is in the package too. */
async function broughtByNpm(): Promise<LaunchOptions | null> {
  const packed = packageFolder()
  if (packed === null) return null
  const folder = join(cache, `chromium-${packed.version}`)
  if (!existsSync(folder)) await unpack(join(packed.path, 'bin'), folder)
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
    FONTCONFIG_FILE: join(folder, 'own-fonts.conf'),
  }
  return { executablePath: join(folder, 'chromium'), args, env }
}

function packageFolder(): { path: string; version: string } | null {
  try {
    const require = createRequire(import.meta.url)
    const path = dirname(dirname(require.resolve('@sparticuz/chromium')))
    return { path, version: require(join(path, 'package.json')).version }
  } catch {
    return null
  }
}

/** The package unpacks into the temporary folder and nowhere else, so that one is moved. Two may do it at once: the first one stays. */
async function unpack(packed: string, folder: string): Promise<void> {
  const part = `${folder}-${process.pid}`
  const { TMPDIR } = process.env
  mkdirSync(part, { recursive: true })
  process.env.TMPDIR = part
  try {
    const { inflate } = await import('@sparticuz/chromium')
    for (const name of ['chromium.br', 'al2023.tar.br', 'fonts.tar.br']) await inflate(join(packed, name))
    writeFileSync(join(part, 'own-fonts.conf'), fontsOf(folder))
    renameSync(part, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
    rmSync(part, { recursive: true, force: true })
  }
}

/** A machine without fonts has those of the package. */
function fontsOf(folder: string): string {
  const folders = [join(folder, 'fonts'), '/usr/share/fonts'].map((one) => `<dir>${one}</dir>`)
  return `<?xml version="1.0"?><fontconfig>${folders.join('')}<cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>\n`
}
