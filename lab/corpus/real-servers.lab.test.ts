import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findSinks } from '@upkeep/domain/static-code/find-sinks'
import { describe, expect, inject, test } from 'vitest'
import { z } from 'zod'

const home = inject('fleet').home
const Manifest = z.object({ version: z.string() })

/** The main file of each version of a package that npx keeps in the practice home. */
function versionsOf(name: string): Map<string, string> {
  const folders = globSync(join(home, '.npm/_npx/*/node_modules', name))
  return new Map(
    folders.map((folder) => [
      Manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).version,
      readFileSync(join(folder, 'dist/index.js'), 'utf8'),
    ]),
  )
}

function kinds(text: string | undefined): string[] {
  const reading = findSinks(text ?? '', 'javascript')
  if (reading.state !== 'read' || reading.handlers === 0) throw new Error('no handler was followed')
  return [...new Set(reading.reached.map((one) => one.kind))]
}

// What is expected was published by the project itself: GHSA-hc55-p739-j48w is about every version below 2025.7.1.
describe('the filesystem server', () => {
  const versions = versionsOf('@modelcontextprotocol/server-filesystem')
  test('before its advisory a path escapes its folder by a common beginning', () => {
    expect(kinds(versions.get('2025.3.28'))).toEqual(['path'])
  })
  test('the fixed version contains it, and so does the one that came after', () => {
    const fixed = [...versions].filter(([version]) => version !== '2025.3.28' && version.startsWith('20'))
    expect(fixed.length).toBeGreaterThanOrEqual(1)
    for (const [version, text] of fixed) expect(kinds(text), version).toEqual([])
  })
})
