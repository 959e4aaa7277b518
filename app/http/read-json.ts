import type { FastifyInstance } from 'fastify'

const deepest = 64

/** Bodies are JSON of a bounded depth: what is deeper is refused before anything walks through it. */
export function readJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, text === '' ? {} : parsed(String(text)))
    } catch {
      done(Object.assign(new Error('the body is not JSON that can be read'), { statusCode: 400 }))
    }
  })
}

function parsed(text: string): unknown {
  if (depthOf(text) > deepest) throw new Error('deep')
  // Each value is looked at only where a key can be meant: hundreds of thousands of them would hold up everybody else.
  return /__proto__|\\u/i.test(text) ? JSON.parse(text, withoutPrototype) : JSON.parse(text)
}

/** No key may stand for the prototype of what it is in. */
function withoutPrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new Error('prototype')
  return value
}

const [quote, backslash] = [34, 92]

/** How deep brackets stand in each other, outside of texts. Linear. */
function depthOf(text: string): number {
  let depth = 0
  let most = 0
  let inText = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) inText = !inText
    else if (inText && code === backslash) at += 1
    else if (!inText) depth += stepOf(code)
    if (depth > most) most = depth
  }
  return most
}

/** `{` and `[` open, `}` and `]` close. */
function stepOf(code: number): -1 | 0 | 1 {
  if (code === 123 || code === 91) return 1
  return code === 125 || code === 93 ? -1 : 0
}
