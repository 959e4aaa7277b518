import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** The folder that the product was installed into: the nearest one above this file that has the packs. The same in development and in a package. */
export function installRoot(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'packs', 'mcp-advisories', 'manifest.json'))) return folder
  }
  throw new Error('the installation lacks its packs')
}

/** Folders of the packs that hold advisories. */
export function advisoryPacks(): string[] {
  const packs = join(installRoot(), 'packs')
  return readdirSync(packs)
    .filter((name) => name.endsWith('-advisories'))
    .map((name) => join(packs, name))
}

/** Folders of the packs that tell how code is recognised inside other code. */
export function fingerprintPacks(): string[] {
  return [join(installRoot(), 'packs', 'fingerprints')]
}

/** The table of due dates that comes with the product. */
export function urgencyPack(): string {
  return join(installRoot(), 'packs', 'urgency', 'table.json')
}

/** The requirements of the specifications that come with the product. */
export function requirementPack(): string {
  return join(installRoot(), 'packs', 'mcp-requirements', 'requirements.json')
}

/** Files of the packs that tell which vendor a host, a variable or a package belongs to. */
export function vendorPacks(): string[] {
  return [join(installRoot(), 'packs', 'vendors', 'vendors.json')]
}

/** Files of the packs that hold the names of known packages. */
export function knownNamePacks(): string[] {
  return [join(installRoot(), 'packs', 'known-servers', 'names.json')]
}

/** The file of attack atoms that comes with the product. */
export function atomPack(): string {
  return join(installRoot(), 'packs', 'atoms', 'atoms.json')
}

/** The product's version, as its package says. */
export function productVersion(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const version = versionIn(join(folder, 'package.json'))
    if (version !== null) return version
  }
  throw new Error('the installation lacks its package.json')
}

const ProductPackage = z.object({ name: z.literal('mcp-upkeep'), version: z.string() })

function versionIn(path: string): string | null {
  if (!existsSync(path)) return null
  const parsed = ProductPackage.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  return parsed.success ? parsed.data.version : null
}
