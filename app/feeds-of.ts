import { dirname, resolve } from 'node:path'
import type { Settings, UpkeepFile } from '@upkeep/contract'
import { advisoryPacks } from './installed-files.ts'

/** The feeds of advisories in place: those that come with the product, and those that `upkeep.yaml` names, relative to it. */
export function feedsOf({
  upkeepFile,
  upkeepFilePath,
  cwd,
}: {
  upkeepFile: UpkeepFile
  upkeepFilePath: string | null
  cwd: string
}): Pick<Settings['feeds'], 'osv' | 'sources'> {
  const base = upkeepFilePath === null ? cwd : dirname(upkeepFilePath)
  const absolute = (path: string) => (/^https?:\/\//.test(path) ? path : resolve(base, path))
  return {
    osv: [...advisoryPacks(), ...upkeepFile.feeds.osv.map(absolute)],
    sources: (upkeepFile.feeds.sources ?? []).map((source) => ({ ...source, path: absolute(source.path) })),
  }
}
