import { existsSync } from 'node:fs'

const usualPlaces = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A Chromium that is installed here: the one that CHROMIUM_PATH names, or one in a usual place; null where there is none. */
export function chromiumPath(): string | null {
  const named = process.env.CHROMIUM_PATH
  if (named !== undefined && named !== '') return existsSync(named) ? named : null
  return usualPlaces.find((path) => existsSync(path)) ?? null
}

/** How it is started: no sandbox of its own where root runs it, and no word to anyone. */
export const chromiumArguments = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
