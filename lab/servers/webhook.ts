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
  readonly posts: { body: string; signature: string }[]
  /** What was told, in order. */
  told(): z.infer<typeof Posted>[]
}

export async function openHook(): Promise<Hook> {
  const posts: Hook['posts'] = []
  const running = await serve((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part))
    request.on('end', () => {
      posts.push({ body, signature: String(request.headers['x-upkeep-signature']) })
      response.end()
    })
  })
  return { ...running, posts, told: () => posts.map(({ body }) => Posted.parse(JSON.parse(body))) }
}
