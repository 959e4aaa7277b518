import { basename } from 'node:path'
import { looksRandom } from '@upkeep/domain/redaction/random-text'

const plainWord = /^[A-Za-z0-9._-]{1,60}$/

/** What an imported feed is called: its file's name, or its address without anything that may be a secret. */
export function feedName(source: string): string {
  if (!/^https?:\/\//.test(source)) return basename(source)
  const url = new URL(source)
  const segments = url.pathname.split('/').map((word) => {
    const plain = word === '' || (plainWord.test(word) && word.split('.').every((part) => !looksRandom(part, 12)))
    return plain ? word : '***'
  })
  return `${url.host}${segments.join('/')}`
}
