import { createRequire } from 'node:module'
import { join } from 'node:path'
import { UserError } from '@upkeep/contract'
import { z } from 'zod'

/** The official conformance suite of MCP, in the one version whose scenarios and results are known here. */
export const suitePackage = { name: '@modelcontextprotocol/conformance', version: '0.1.16' } as const

const Manifest = z.looseObject({ version: z.string(), bin: z.looseObject({ conformance: z.string() }) })

/**
 * The script of the suite: beside upkeep, or in the folder that the person names. It is not part of upkeep, since it is larger than
 * upkeep and speaks to servers as nothing else here does.
 *
 * @throws UserError `not-found` where it is not, or is another version.
 */
export function findSuite(folder: string | undefined): string {
  const require = createRequire(folder === undefined ? import.meta.url : join(folder, 'package.json'))
  const place = resolved(require, `${suitePackage.name}/package.json`)
  const manifest = place === null ? null : Manifest.safeParse(require(place)).data
  if (place === null || manifest == null) throw missing('The official conformance suite is not installed.')
  if (manifest.version !== suitePackage.version)
    throw missing(`The conformance suite that is installed is ${manifest.version.slice(0, 30)}.`)
  return join(place, '..', manifest.bin.conformance)
}

function resolved(require: NodeJS.Require, name: string): string | null {
  try {
    return require.resolve(name)
  } catch {
    return null
  }
}

function missing(why: string): UserError {
  const { name, version } = suitePackage
  return new UserError(
    'not-found',
    `Not available: ${why} Its result is not known, which says nothing of the server.`,
    `Install it beside upkeep: npm install -g ${name}@${version}; or in a folder, and name that with --suite.`,
  )
}
