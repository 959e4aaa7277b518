import { join } from 'node:path'
import { readBounded } from '@upkeep/engine/ports/files-read'
import { badInput } from './obtained.ts'

/** A Python index: its address without anything secret, and what it wants to be told by whoever asks. */
export interface PythonIndex {
  url: string
  headers: Readonly<Record<string, string>>
}

type Env = Readonly<Record<string, string | undefined>>

const publicIndex = 'https://pypi.org/simple/'
const maxFileBytes = 64 << 10

/** The index that this machine's own tools would ask: named, as uv is told, as pip is told, else the public one. */
export function pythonIndex({ named, env, home }: { named?: string | undefined; env: Env; home: string }): PythonIndex {
  const told = named ?? env.UV_DEFAULT_INDEX ?? env.UV_INDEX_URL ?? env.PIP_INDEX_URL ?? fromPipConf(env, home)
  return readIndex(told === undefined || told === '' ? publicIndex : told)
}

function readIndex(text: string): PythonIndex {
  // uv lets an index have a name: `corp=https://…`.
  const address = text.trim().replace(/^[A-Za-z0-9_-]{1,100}=(?=https?:)/, '')
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null || !/^https?:$/.test(url.protocol))
    throw badInput('The Python index is not an http or https address.', 'Give one with --index, or set PIP_INDEX_URL.')
  const { username, password } = url
  url.username = ''
  url.password = ''
  url.search = ''
  url.hash = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  if (username === '' && password === '') return { url: url.href, headers: {} }
  const basic = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')
  return { url: url.href, headers: { authorization: `Basic ${basic}` } }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What pip's own files say; the user's count before the machine's. */
function fromPipConf(env: Env, home: string): string | undefined {
  if (env.PIP_CONFIG_FILE !== undefined) return indexIn(env.PIP_CONFIG_FILE)
  const config = env.XDG_CONFIG_HOME ?? join(home, '.config')
  const environment = env.VIRTUAL_ENV === undefined ? [] : [join(env.VIRTUAL_ENV, 'pip.conf')]
  const files = [
    ...environment,
    join(config, 'pip', 'pip.conf'),
    join(home, '.pip', 'pip.conf'),
    join(home, 'Library', 'Application Support', 'pip', 'pip.conf'),
    '/etc/pip.conf',
  ]
  for (const file of files) {
    const found = indexIn(file)
    if (found !== undefined) return found
  }
  return undefined
}

function indexIn(file: string): string | undefined {
  const read = readBounded(file, maxFileBytes)
  if (read.state !== 'present') return undefined
  const said = new Map<string, string>()
  let section = ''
  for (const line of new TextDecoder().decode(read.bytes).split(/\r?\n/)) {
    const head = /^\[([a-z]{1,30})\]/.exec(line)?.[1]
    if (head !== undefined) section = head
    const value = /^index[-_]url\s{0,20}[=:]\s{0,20}(\S{1,2000})/.exec(line)?.[1]
    if (value !== undefined) said.set(section, value)
  }
  return said.get('install') ?? said.get('global')
}
