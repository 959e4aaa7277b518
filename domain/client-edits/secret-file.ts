/**
 * A secret as it lies at a place of its own: a first line of ours, then the secret and one line ending. The line differs from installation to
 * installation, and is the same each time it is worked out.
 */
export function saltedSecretFile(place: string, secret: string, fingerprint: (text: string) => string): string {
  return `${head}${fingerprint(`secret file\0${place}\0${secret}`)}\n${secret}\n`
}

/** The secret that a file of ours holds; of any other file all of it, without the line ending at its end. */
export function secretIn(text: string): string {
  const own = text.startsWith(head) ? text.slice(text.indexOf('\n') + 1) : text
  return own.replace(/\r?\n$/, '')
}

// Records carry the digest of the file: with the salt, which only this installation can work out, nobody can try secrets out on it.
const head = '# upkeep secret '
