import { z } from 'zod'
import { type Running, serve } from './loopback.ts'

const Posted = z.looseObject({
  event: z.string(),
  change: z.string().nullable(),
  title: z.string(),
  rehearsal: z.boolean(),
  servers: z.array(z.string()),
  owners: z.array(z.string()),
  details: z.array(z.string()),
})

/** A webhook on this machine that keeps what was posted to it. */
export interface Hook extends Running {
  readonly posts: { body: string; headers: Record<string, string> }[]
  /** What it answers: 200 and nothing else, until it is told otherwise. */
  answer(status: number, headers?: Readonly<Record<string, string>>): void
  /** What was told, in order. */
  told(): z.infer<typeof Posted>[]
}

export async function openHook(): Promise<Hook> {
  const posts: Hook['posts'] = []
  let answer: { status: number; headers: Readonly<Record<string, string>> } = { status: 200, headers: {} }
  const running = await serve((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part))
    request.on('end', () => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
      posts.push({ body, headers: Object.fromEntries(headers) })
      response.writeHead(answer.status, answer.headers).end()
    })
  })
  return {
    ...running,
    posts,
    answer: (status, headers = {}) => {
      answer = { status, headers }
    },
    told: () => posts.map(({ body }) => Posted.parse(JSON.parse(body))),
  }
}
