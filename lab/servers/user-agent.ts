/** A browser without pages: keeps the cookies of each origin, follows redirects one by one, sends forms. */
export interface UserAgent {
  /** One request, with the cookies of its origin. Redirects are not followed. */
  go(url: string | URL, init?: RequestInit): Promise<Response>
  /** What it holds for an origin, by name. */
  cookies(origin: string): Map<string, string>
}

export function userAgent(): UserAgent {
  const jars = new Map<string, Map<string, string>>()
  function cookies(origin: string): Map<string, string> {
    const jar = jars.get(origin) ?? new Map<string, string>()
    jars.set(origin, jar)
    return jar
  }
  return {
    cookies,
    async go(url, init = {}) {
      const { origin } = new URL(url)
      const jar = cookies(origin)
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await fetch(url, {
        ...init,
        redirect: 'manual',
        headers: { ...Object(init.headers), ...(cookie !== '' && { cookie }) },
      })
      for (const line of answer.headers.getSetCookie()) keep(jar, line)
      return answer
    },
  }
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';')
  const [name = '', ...value] = pair.split('=')
  const isOver = attributes.some((one) => /max-age=0|expires=thu, 01 jan 1970/i.test(one))
  if (isOver || value.join('=') === '') jar.delete(name.trim())
  else jar.set(name.trim(), value.join('='))
}

const mostSteps = 20

/** Goes through the pages of a provider as somebody who gives this name, until it is sent back elsewhere: that address is what comes back. */
export async function throughProvider(agent: UserAgent, start: string | URL, name: string): Promise<URL> {
  const { origin } = new URL(start)
  let next: { url: URL; init?: RequestInit } = { url: new URL(start) }
  for (let step = 0; step < mostSteps; step += 1) {
    const answer = await agent.go(next.url, next.init)
    const location = answer.headers.get('location')
    if (location !== null) {
      const url = new URL(location, next.url)
      if (url.origin !== origin) return url
      next = { url }
      continue
    }
    next = formIn(await answer.text(), next.url, name)
  }
  throw new Error('the provider leads nowhere')
}

/** Signs out at the provider itself, as somebody who confirms it there. It tells its clients before it answers. */
export async function leaveProvider(agent: UserAgent, issuer: string): Promise<void> {
  const at = new URL('/session/end', issuer)
  const { url, init } = formIn(await (await agent.go(at)).text(), at, '')
  const body = new URLSearchParams([...new URLSearchParams(String(init.body)), ['logout', 'yes']])
  const { status } = await agent.go(url, { ...init, body })
  if (status !== 303) throw new Error(`the provider signed nobody out: ${status}`)
}

/** The one form of the page, filled in. */
function formIn(page: string, at: URL, name: string): { url: URL; init: RequestInit } {
  const action = /<form[^>]*\saction="([^"]+)"/.exec(page)?.[1]
  if (action === undefined)
    throw new Error(`the provider shows no form: ${page.replace(/<style>[\s\S]*<\/style>/, '').slice(0, 2_000)}`)
  const hidden = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
    ([, key = '', value = '']) => [key, value],
  )
  const asked = page.includes('name="login"')
    ? [
        ['login', name],
        ['password', 'anything'],
      ]
    : []
  const body = new URLSearchParams([...hidden, ...asked])
  return { url: new URL(action.replaceAll('&amp;', '&'), at), init: { method: 'POST', body } }
}
