import type { FastifyInstance } from 'fastify'

const deepest = 64

/** Bodies are JSON of a bounded depth: what is deeper is refused before anything walks through it. */
export function readJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      if (depthOf(String(text)) > deepest) throw new Error('deep')
      done(null, text === '' ? {} : JSON.parse(String(text), withoutPrototype))
    } catch {
      done(Object.assign(new Error('the body is not JSON that can be read'), { statusCode: 400 }))
    }
  })
}

/** No key may stand for the prototype of what it is in. */
function withoutPrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new Error('prototype')
  return value
}

/** How deep brackets stand in each other, outside of texts. Linear. */
function depthOf(text: string): number {
  let depth = 0
  let most = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[{]|[\]}]/g)) {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    most = Math.max(most, depth)
  }
  return most
}
