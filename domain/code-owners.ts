import ignore from 'ignore'

/** Who owns a path, and by which line. */
export interface OwnersOfPath {
  owners: string[]
  line: number
}

interface OwnerRule {
  owners: string[]
  line: number
  fits(path: string): boolean
}

/** The owners that a CODEOWNERS file gives to paths below the folder that it is about. */
export interface CodeOwners {
  /** The last line that fits counts. Null where none does, or where that line names nobody. */
  of(path: string): OwnersOfPath | null
}

/** Where GitHub looks for the file, in this order: the first that is there counts. */
export const codeOwnersPlaces = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const

const maxLines = 20_000
const maxOwners = 20

/**
 * Reads CODEOWNERS as GitHub does: patterns are those of gitignore without `!`, without `[ ]` and without `\#`, and a line that uses these is
 * passed over. The caller bounds the bytes.
 */
export function readCodeOwners(text: string): CodeOwners {
  const rules = text
    .split('\n', maxLines)
    .flatMap((line, index) => ruleOf(line, index + 1))
    .reverse()
  return {
    of(path) {
      const found = rules.find((rule) => rule.fits(path))
      return found === undefined || found.owners.length === 0 ? null : { owners: found.owners, line: found.line }
    },
  }
}

const owner = /^(?:@[A-Za-z0-9][\w.-]{0,99}(?:\/[\w.-]{1,100})?|[^\s@]{1,64}@[^\s@]{1,190})$/

function ruleOf(text: string, line: number): OwnerRule[] {
  const plain = text
    .slice(0, 2_000)
    .replace(/(?:^|\s)#.*$/s, '')
    .trim()
  const [pattern = '', ...names] = plain.replaceAll('\\ ', '\u0000').split(/\s{1,1000}/)
  if (pattern === '' || /^!|[[\]]|\\#/.test(pattern)) return []
  const owners = names.filter((name) => owner.test(name)).slice(0, maxOwners)
  return [{ owners, line, fits: matcherOf(pattern.replaceAll('\u0000', '\\ ')) }]
}

/** `docs/*` is what lies directly in docs, and nothing further below: there GitHub differs from gitignore. */
function matcherOf(pattern: string): (path: string) => boolean {
  const matcher = ignore({ ignorecase: false }).add(pattern)
  const isFlat = pattern.endsWith('/*')
  return (path) => {
    if (!ignore.isPathValid(path) || !matcher.ignores(path)) return false
    const parent = path.slice(0, path.lastIndexOf('/') + 1)
    return !(isFlat && parent !== '' && matcher.ignores(parent))
  }
}
