import { looksRandom } from '../redaction/random-text.ts'
import { knownTokenKind } from '../redaction/secret-kinds.ts'

/** A token in a source file: the line and the kind, never the token. */
export interface SourceSecret {
  line: number
  kind: string
}

const maxFound = 50
const maxLine = 20_000
/** Words that stand where a token would: in examples, templates and shapes. */
const placeholder =
  /example|your[-_]|placeholder|change[-_]?me|dummy|sample|redacted|fake|x{6,}|\*{3,}|\.{3}|<[a-z]|1234567890abc|abcdefgh/i
/** What a web page or a log may show by design. */
const publicKinds = /\bpk_(?:live|test)_/

/**
 * Tokens of published shapes in the text of a file. Placeholders, shapes and texts that only mention a prefix are none: what follows the
 * prefix must look drawn at random.
 */
export function findSourceSecrets(text: string): SourceSecret[] {
  const found: SourceSecret[] = []
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) {
    if (found.length >= maxFound) break
    const kind = line.length < 12 ? null : knownTokenKind(line.slice(0, maxLine))
    if (kind === null) continue
    const isSecret = kind === 'private-key' ? hasKeyBody(lines, index) : hasToken(line.slice(0, maxLine))
    if (isSecret) found.push({ line: index + 1, kind })
  }
  return found
}

/** A key begins on this line and its body follows, on the next or behind `\n` in a text. */
function hasKeyBody(lines: readonly string[], index: number): boolean {
  const near = lines
    .slice(index, index + 4)
    .join('\n')
    .slice(0, 4_000)
  return /[A-Za-z0-9+/]{48}/.test(near.slice(near.indexOf('PRIVATE KEY')))
}

function hasToken(line: string): boolean {
  if (publicKinds.test(line)) return false
  const words = line.match(/[A-Za-z0-9_.~+/=-]{16,600}/g) ?? []
  return words.some((word) => knownTokenKind(word) !== null && !placeholder.test(word) && isDrawnAtRandom(word))
}

function isDrawnAtRandom(word: string): boolean {
  return word
    .split(/[_.=/-]/)
    .some((part) => (part.length >= 14 && looksRandom(part, 12)) || /^(?:AKIA|ASIA)[A-Z0-9]{16}$/.test(part))
}
