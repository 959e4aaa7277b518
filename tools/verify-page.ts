import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Writes the stand-alone verifier as a page that a browser opens from a file: the same text, its imports from Node aside, and beside it what
 * it takes from Node. With `--check` it only says whether the page is out of date.
 */
const folder = join(import.meta.dirname, '..', 'verify')
const page = join(folder, 'upkeep-verify.html')

const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const digestOf = (text: string) => createHash('sha256').update(text).digest('base64')

/** A module as part of the one script. */
function partText(name: string): string {
  const lines = read(name).split('\n')
  return lines
    .filter((line) => !line.startsWith('import ') && !line.startsWith('#!'))
    .map((line) => line.replace(/^export /, ''))
    .join('\n')
}

/** The verifier as a function of what it takes from Node. */
function verifierText(): string {
  const taken =
    '{ Buffer, console, createHash, createPublicKey, parseArgs, process, readFileSync, statSync, verifySignature }'
  return `function verifier(${taken}) {\n${partText('upkeep-verify.mjs')}}\n`
}

function pageText(): string {
  const script = `\n${verifierText()}\n// What it takes from Node, for a browser.\n${partText('page/node-parts.js')}${partText('page/check.js')}`
  const style = `\n${read('page/style.css')}`
  // A text that closes the element would end it early.
  if (/<\/(script|style)/i.test(script + style)) throw new Error('a part of the page closes its own element')
  const parts: Readonly<Record<string, string>> = {
    script,
    style,
    'script digest': digestOf(script),
    'style digest': digestOf(style),
  }
  return read('page/page.html').replaceAll(/\{\{([a-z ]+)\}\}/g, (_, name: string) => {
    const part = parts[name]
    if (part === undefined) throw new Error(`page.html asks for "${name}"`)
    return part
  })
}

if (!process.argv.includes('--check')) writeFileSync(page, pageText())
else if (readFileSync(page, 'utf8') !== pageText()) {
  console.error('Out of date: verify/upkeep-verify.html. Run "npm run generate".')
  process.exitCode = 1
}
