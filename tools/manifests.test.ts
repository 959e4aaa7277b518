import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './units.ts'

interface Manifest {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  private?: boolean
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
}

const shipped = ['contract', 'domain', 'collectors', 'duties', 'probes', 'remediations', 'packs', 'engine', 'app']

test('the published package depends on exactly what the workspaces that ship depend on', () => {
  const needed = new Map<string, string>()
  for (const folder of shipped) {
    for (const [name, version] of Object.entries(manifest(folder).dependencies ?? {})) {
      if (!name.startsWith('@upkeep/')) needed.set(name, version)
    }
  }
  expect(manifest('.').dependencies).toEqual(Object.fromEntries([...needed].sort()))
})

test('every version is pinned exactly', () => {
  const folders = readdirSync(root, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.'),
  )
  const known = [
    '.',
    ...folders.map((entry) => entry.name).filter((name) => !['node_modules', 'docs', 'deploy', 'dist'].includes(name)),
  ]
  for (const folder of known) {
    const { dependencies, devDependencies, optionalDependencies } = manifest(folder)
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
      expect(version, `${name} in ${folder}`).toMatch(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/)
    }
  }
})

test('a workspace is never published by itself', () => {
  for (const folder of [...shipped, 'console', 'verify', 'lab', 'bench', 'tools'])
    expect(manifest(folder).private).toBe(true)
})
