/** How a stated licence stands against a list of those that are usual. `unreadable`: it is no expression of licences. */
export type LicenceStanding = 'usual' | 'unusual' | 'unreadable'

const maxLength = 500
const word = /^[A-Za-z0-9.+:-]{1,100}$/

/**
 * Reads an SPDX expression: of `A OR B` one part must be usual, of `A AND B` both; an exception after `WITH` only widens what is allowed.
 * Case means nothing, and `A+` (or any later version) is as usual as `A`.
 */
export function licenceStanding(stated: string, usual: ReadonlySet<string>): LicenceStanding {
  if (stated.length > maxLength) return 'unreadable'
  const tokens = stated
    .replace(/[()]/g, ' $& ')
    .split(/\s/)
    .filter((token) => token !== '')
  const reader: Reader = { tokens, at: 0, usual: new Set([...usual].map((id) => id.toLowerCase())) }
  const standing = readAny(reader)
  if (standing === null || reader.at !== tokens.length) return 'unreadable'
  return standing ? 'usual' : 'unusual'
}

interface Reader {
  tokens: readonly string[]
  at: number
  usual: ReadonlySet<string>
}

function isNext(reader: Reader, token: string): boolean {
  if (reader.tokens[reader.at]?.toUpperCase() !== token) return false
  reader.at += 1
  return true
}

function readAny(reader: Reader): boolean | null {
  let standing = readAll(reader)
  while (standing !== null && isNext(reader, 'OR')) {
    const other = readAll(reader)
    standing = other === null ? null : standing || other
  }
  return standing
}

function readAll(reader: Reader): boolean | null {
  let standing = readOne(reader)
  while (standing !== null && isNext(reader, 'AND')) {
    const other = readOne(reader)
    standing = other === null ? null : standing && other
  }
  return standing
}

function readOne(reader: Reader): boolean | null {
  if (isNext(reader, '(')) {
    const inner = readAny(reader)
    return isNext(reader, ')') ? inner : null
  }
  const id = reader.tokens[reader.at]
  if (id === undefined || !isLicenceWord(id)) return null
  reader.at += 1
  if (isNext(reader, 'WITH')) {
    const exception = reader.tokens[reader.at]
    if (exception === undefined || !isLicenceWord(exception)) return null
    reader.at += 1
  }
  const plain = id.toLowerCase()
  return reader.usual.has(plain) || (plain.endsWith('+') && reader.usual.has(plain.slice(0, -1)))
}

function isLicenceWord(token: string): boolean {
  return word.test(token) && !['AND', 'OR', 'WITH'].includes(token.toUpperCase())
}
