import { looksRandom } from './random-text.ts'
import { knownTokenKind } from './secret-kinds.ts'

/** Words that servers and launchers take as arguments and that no secret is. */
const words = new Set([
  'stdio',
  'http',
  'https',
  'sse',
  'streamable-http',
  'streamableHttp',
  'streamable_http',
  'run',
  'run-with',
  'run-confined',
  'exec',
  'serve',
  'server',
  'start',
  'mcp',
  'mcp-server',
  'dlx',
  'tool',
  'x',
  'gateway',
  'proxy',
  'true',
  'false',
  'all',
  'none',
  'debug',
  'info',
  'warn',
  'error',
  'localhost',
  '127.0.0.1',
  '0.0.0.0',
  '::1',
  'host',
  'bridge',
  'always',
  'never',
  'readonly',
  'read-only',
  'chrome',
  'firefox',
  'webkit',
  'chromium',
  'msedge',
  // The word by which entries start through our own launcher.
  'run-with',
])

/** A word of the dictionary, or a number of up to five digits. */
export function isKnownWord(text: string): boolean {
  return words.has(text) || /^\d{1,5}$/.test(text)
}

/** A flag without a value. One dash: up to three letters, since `-p` may be followed by its value without a space. */
export function isBareFlag(text: string): boolean {
  if (/^-[A-Za-z]{1,3}$/.test(text) || text === '--') return true
  return /^--[A-Za-z][A-Za-z0-9._-]{0,48}$/.test(text) && isUnsuspicious(text, 12)
}

/** A path: absolute, from home, from here, from a drive, or from a variable; none of its parts like a token. */
export function isPath(text: string): boolean {
  if (text === '.' || text === '..' || text === '/' || text === '~') return true
  const start =
    /^(?:\/(?!\/)|~[\\/]|\.{1,2}[\\/]|[A-Za-z]:[\\/]|\$[A-Z_][A-Z0-9_]{0,63}[\\/]|\$\{[A-Za-z_][A-Za-z0-9_:]{0,63}\}(?:[\\/]|$))/
  return text.length <= 1_000 && start.test(text) && isOneWord(text) && isUnsuspiciousPath(text)
}

/**
 * Whether a path that holds spaces is still one path and not a command line: spaces stand inside the names of folders, or in the name of
 * a program or script that says by its ending what it is.
 */
function isOneWord(text: string): boolean {
  if (!/\s/.test(text)) return true
  if (/\s-|=|\s[\\/]|[\\/]\s|\s$|\s\s|[^\S ]/.test(text)) return false
  const parts = text.split(/[\\/]/)
  if (!parts.every((part) => /^(?:[^ ]*|[A-Za-z0-9 ._()&,'-]{1,100})$/.test(part))) return false
  const last = parts.at(-1) ?? ''
  return (
    !last.includes(' ') ||
    /^[A-Za-z0-9 ._()-]{1,100}\.(?:exe|cmd|bat|ps1|app|sh|js|mjs|cjs|ts|py|jar|json)$/i.test(last)
  )
}

/** A script named from the working folder: `server.py`, `dist/index.js`. */
export function isScriptName(text: string): boolean {
  return (
    /^[A-Za-z0-9_@][A-Za-z0-9_@./\\-]{0,200}\.(?:js|mjs|cjs|jsx|ts|mts|cts|tsx|py)$/.test(text) &&
    isUnsuspiciousPath(text)
  )
}

/** The name of a program as it is found on PATH. */
export function isProgramName(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,63}$/.test(text) && isUnsuspicious(text, 12)
}

function isUnsuspiciousPath(text: string): boolean {
  if (hasControl(text) || knownTokenKind(text) !== null) return false
  const shown = withoutKnownDigests(text)
  return !looksRandom(shown) && !/[?#]/.test(shown) && shown.split(/[\\/]/).every((part) => !looksRandom(part, 12))
}

/** Folders that are named by a digest and are no secret: npx's cache and Nix's store. */
function withoutKnownDigests(text: string): string {
  return text
    .replace(/([\\/]_npx[\\/])[0-9a-f]{16}(?=[\\/]|$)/, '$1x')
    .replace(/^(\/nix\/store\/)[0-9a-z]{32}(?=-)/, '$1x')
}

/** A text of bounded length without control characters, of no token's shape and not like random text. */
export function isUnsuspicious(text: string, randomFrom = 16): boolean {
  return text.length <= 1_000 && !hasControl(text) && knownTokenKind(text) === null && !looksRandom(text, randomFrom)
}

function hasControl(text: string): boolean {
  return /[\u0000-\u001f\u007f-\u009f]/.test(text)
}
