import { pythonName } from '@upkeep/domain/python-names'
import { plainOrder } from '@upkeep/domain/versions/version-order'
import { z } from 'zod'

/** One file of a project, as a Python index lists it. */
export interface IndexedFile {
  filename: string
  url: string
  sha256: string | null
  yanked: boolean
}

const Page = z.object({
  files: z
    .array(
      z.object({
        filename: z.string().max(500),
        url: z.string().max(4_000),
        hashes: z.record(z.string(), z.string().max(300)).default({}),
        yanked: z.union([z.boolean(), z.string()]).default(false),
      }),
    )
    .max(200_000),
})
const hex = /^[0-9a-f]{64}$/
const plainFilename = /^[A-Za-z0-9][A-Za-z0-9._!+-]{0,400}$/

/** The files that a page of the simple index lists, in its JSON form (PEP 691) or as HTML (PEP 503); null when it is neither. */
export function filesOnPage(body: string, contentType: string): IndexedFile[] | null {
  if (!contentType.includes('json')) return contentType.includes('html') ? filesInHtml(body) : null
  try {
    return Page.parse(JSON.parse(body)).files.map(({ filename, url, hashes, yanked }) => {
      const { sha256 } = hashes
      const stated = sha256 === undefined ? null : sha256.toLowerCase()
      return { filename, url, sha256: stated, yanked: yanked !== false }
    })
  } catch {
    return null
  }
}

function filesInHtml(body: string): IndexedFile[] {
  return body.split(/<a\s/i).flatMap((piece) => {
    const end = piece.search(/<\/a/i)
    const inner = end === -1 ? '' : piece.slice(0, end)
    const href = /\bhref\s?=\s?"([^"]{1,4000})"/i.exec(inner)?.[1]?.replaceAll('&amp;', '&')
    if (href === undefined) return []
    const [url = '', fragment = ''] = href.split('#', 2)
    const sha256 = fragment.startsWith('sha256=') ? fragment.slice(7).toLowerCase() : null
    const filename = inner.slice(inner.lastIndexOf('>') + 1).trim()
    return [{ filename, url, sha256, yanked: /\sdata-yanked\b/i.test(inner) }]
  })
}

/**
 * The file to judge: a wheel for any machine, else one for Linux, else any, else the source archive; and how many others that version
 * has. Null when it is not there.
 */
export function chooseFile(
  files: readonly IndexedFile[],
  name: string,
  version: string,
): { file: IndexedFile; others: number } | null {
  const fitting = files
    .map((file) => ({ file, rank: rankOf(file.filename, name, version) }))
    .filter((one) => one.rank !== null)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || (a.file.filename < b.file.filename ? -1 : 1))
  const [first] = fitting
  return first === undefined ? null : { file: first.file, others: fitting.length - 1 }
}

/** A digest that is stated and is none cannot be held against anything. */
export function statesDigest(file: IndexedFile): boolean {
  return file.sha256 !== null && hex.test(file.sha256)
}

function rankOf(filename: string, name: string, version: string): number | null {
  if (!plainFilename.test(filename)) return null
  if (filename.endsWith('.whl')) {
    const parts = filename.slice(0, -4).split('-')
    const [stem = '', said = ''] = parts
    if ((parts.length !== 5 && parts.length !== 6) || !isIt(stem, said, name, version)) return null
    const platform = parts.at(-1) ?? ''
    return platform === 'any' ? 0 : platform.includes('linux') ? 1 : 2
  }
  if (!filename.endsWith('.tar.gz')) return null
  const stem = filename.slice(0, -7)
  // Older source archives have hyphens in the name; a version has none.
  const cut = stem.lastIndexOf('-')
  return cut > 0 && isIt(stem.slice(0, cut), stem.slice(cut + 1), name, version) ? 3 : null
}

function isIt(stem: string, said: string, name: string, version: string): boolean {
  return pythonName(stem) === pythonName(name) && isSameVersion(said, version)
}

/** True for two spellings of one version: `1.0` and `1.0.0`. */
export function isSameVersion(left: string, right: string): boolean {
  return left === right || plainOrder('PyPI', left.replaceAll('_', '-'), right) === 0
}
