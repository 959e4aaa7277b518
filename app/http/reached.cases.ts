import { type IncomingHttpHeaders, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'

/** One request over a connection of its own, from an address of this machine that is chosen. */
export interface Reaching {
  readonly port: number
  readonly path: string
  readonly method?: string
  readonly headers: Readonly<Record<string, string>>
  /** Where it comes from; all of 127.0.0.0/8 is this machine. */
  readonly from?: string
  readonly tls?: boolean
  readonly body?: string
}

export interface Reached {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export function reach({
  port,
  path,
  method = 'GET',
  headers,
  from = '127.0.0.1',
  tls = false,
  body,
}: Reaching): Promise<Reached> {
  const options = { host: '127.0.0.1', port, path, method, headers, localAddress: from, agent: false }
  return new Promise((resolve, reject) => {
    const asked = tls ? tlsRequest({ ...options, rejectUnauthorized: false }) : plainRequest(options)
    asked.once('error', reject)
    asked.once('response', (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }))
    })
    asked.end(body)
  })
}
