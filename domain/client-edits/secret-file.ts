/** A secret in a file of its own: a first line of ours, then the secret and one line ending. */
export function secretFileText(secret: string, salt: string): string {
  return `${head}${salt}\n${secret}\n`
}

/** The secret that a file of ours holds; of any other file all of it, without the line ending at its end. */
export function secretIn(text: string): string {
  const own = text.startsWith(head) ? text.slice(text.indexOf('\n') + 1) : text
  return own.replace(/\r?\n$/, '')
}

// Records carry the digest of the file: with the salt, which only this installation can work out, nobody can try secrets out on it.
const head = '# upkeep secret '
