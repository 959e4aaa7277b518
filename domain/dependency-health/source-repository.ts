const hosts: Readonly<Record<string, string>> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucket: 'bitbucket.org',
}
/** Where an owner and a name are all of it, in whichever case: what follows is a place inside. */
const ownerAndName = new Set(['github.com', 'bitbucket.org'])
const maxLength = 500

/**
 * A repository in one form, `host/owner/name` in small letters: as a manifest writes it (an address of any kind, or the short form of npm),
 * or as a builder's certificate does. Null for what names none.
 */
export function plainRepository(text: string): string | null {
  const short = /^(?:(github|gitlab|bitbucket):)?([\w.-]{1,100})\/([\w.-]{1,100})(?:#.{0,200})?$/.exec(text)
  if (short !== null) return placed(hosts[short[1] ?? 'github'] ?? '', `${short[2]}/${short[3]}`)
  if (text.length > maxLength) return null
  const scp = /^(?:git\+)?(?:ssh:\/\/)?git@([\w.-]{1,200}):(?!\d+\/)([^#?]{1,300})/.exec(text)
  if (scp !== null) return placed(scp[1] ?? '', scp[2] ?? '')
  const url =
    /^(?:git\+)?(?:https?|git|ssh):\/\/(?:[\w.~-]{1,100}(?::[^@/]{0,100})?@)?([\w.-]{1,200})(?::\d{1,5})?\/([^#?]{1,400})/.exec(
      text,
    )
  return url === null ? null : placed(url[1] ?? '', url[2] ?? '')
}

function placed(host: string, path: string): string | null {
  const at = host.toLowerCase().replace(/^www\./, '')
  const parts = (path.split('/-/')[0] ?? '').split('/').filter((part) => part !== '')
  const own = ownerAndName.has(at) ? parts.slice(0, 2) : parts
  const last = own.at(-1)?.replace(/\.git$/, '')
  if (last === undefined || last === '' || own.length < 2 || at === 'gist.github.com') return null
  return [at, ...own.slice(0, -1), last].join('/').toLowerCase()
}
