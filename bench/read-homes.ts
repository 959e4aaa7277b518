import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'jsonc-parser'
import { parseTOML } from 'toml-eslint-parser'

/**
 * The peer of `scan-homes`: reads and parses every file below a folder, with the parsers that the product uses, and does nothing else.
 * Run as a process of its own, so that both carry the start of Node.
 */
function main(folder: string): void {
  let files = 0
  let bytes = 0
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
    files += 1
    bytes += text.length
    if (entry.name.endsWith('.toml')) parseTOML(text)
    else parse(text)
  }
  console.log(JSON.stringify({ files, bytes }))
}

main(process.argv[2] ?? '.')
