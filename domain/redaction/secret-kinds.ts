import { looksRandom, withoutPlainSegments } from './random-text.ts'

/** Token shapes that their issuers publish. The first that is found in a text names its kind. All linear: one class, then a bound. */
const shapes: readonly { kind: string; shape: RegExp }[] = [
  { kind: 'private-key', shape: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY/ },
  { kind: 'upkeep-token', shape: /\bupk_[A-Za-z0-9_-]{16}/ },
  { kind: 'github-token', shape: /\b(?:gh[pousr]_[A-Za-z0-9]{16}|github_pat_[A-Za-z0-9_]{16})/ },
  { kind: 'gitlab-token', shape: /\bgl(?:pat|ptt|rt|dt|ft|soat|cbt|imt|agent)-[A-Za-z0-9_-]{16}/ },
  { kind: 'anthropic-key', shape: /\bsk-ant-[A-Za-z0-9_-]{8}/ },
  { kind: 'stripe-key', shape: /\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8}|\bwhsec_[A-Za-z0-9]{16}/ },
  { kind: 'openai-key', shape: /\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{16}/ },
  { kind: 'aws-access-key', shape: /\b(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{16}\b/ },
  { kind: 'slack-token', shape: /\bxox[abeoprs]-[A-Za-z0-9-]{8}|\bxapp-[A-Za-z0-9-]{8}|hooks\.slack\.com\/services\// },
  { kind: 'npm-token', shape: /\bnpm_[A-Za-z0-9]{16}/ },
  { kind: 'google-api-key', shape: /\bAIza[A-Za-z0-9_-]{20}|\bya29\.[A-Za-z0-9_-]{16}|\bGOCSPX-[A-Za-z0-9_-]{16}/ },
  { kind: 'huggingface-token', shape: /\bhf_[A-Za-z0-9]{16}/ },
  { kind: 'pypi-token', shape: /\bpypi-[A-Za-z0-9_-]{16}/ },
  { kind: 'sendgrid-key', shape: /\bSG\.[A-Za-z0-9_-]{16}/ },
  { kind: 'notion-token', shape: /\b(?:ntn|secret)_[A-Za-z0-9]{24}/ },
  { kind: 'linear-key', shape: /\blin_api_[A-Za-z0-9]{16}/ },
  { kind: 'supabase-token', shape: /\bsb(?:p|_secret)_[A-Za-z0-9]{16}/ },
  { kind: 'digitalocean-token', shape: /\bdo[opr]_v1_[a-f0-9]{16}/ },
  { kind: 'atlassian-token', shape: /\bATATT3[A-Za-z0-9_=-]{16}/ },
  { kind: 'discord-token', shape: /\b[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27}/ },
  { kind: 'jwt', shape: /\beyJ[A-Za-z0-9_-]{8,4000}\.eyJ/ },
]

/** How much of a value is looked at for its kind; a value is hidden however long it is. */
const looked = 20_000

/** Every shape in one expression: most texts are no token, and this says so in one pass. */
const anyShape = new RegExp(shapes.map(({ shape }) => shape.source).join('|'))

/** The shortest text that a shape fits. */
const shortestToken = 12

/** The kind of token whose published shape a text holds, or null. */
export function knownTokenKind(text: string): string | null {
  if (text.length < shortestToken) return null
  const head = text.slice(0, looked)
  if (!anyShape.test(head)) return null
  return shapes.find(({ shape }) => shape.test(head))?.kind ?? null
}

const connection = /^[a-z][a-z0-9+.-]{1,30}:\/\/[^/?#@\s]{0,500}:[^/?#@\s]{1,500}@/i
const passwordPair = /(?:^|[;?&\s])(?:password|pwd)=[^;&\s]/i

/** The kind of secret that a value looks like by its own shape, or null when nothing says that it is one. */
export function secretKindOf(text: string): string | null {
  const head = text.slice(0, looked)
  const known = knownTokenKind(head)
  if (known !== null) return known
  if (connection.test(head) || passwordPair.test(head)) {
    return /^https?:/i.test(head) ? 'basic-auth' : 'connection-string'
  }
  if (/^basic [A-Za-z0-9+/=]{6}/i.test(head)) return 'basic-auth'
  if (/^(?:bearer|token) \S{6}/i.test(head)) return 'bearer-token'
  return isHighEntropy(head) ? 'random-text' : null
}

/**
 * One word of token characters, long enough, and not like writing; of a path, what is left without its segments of words and numbers.
 * Digests and ids fall under it too: they are hidden, not accused.
 */
function isHighEntropy(text: string): boolean {
  if (!/^[A-Za-z0-9+/=_.~-]{20,500}$/.test(text)) return false
  if (looksRandom(text)) return true
  const rest = withoutPlainSegments(text)
  const isMixed = /[a-z]/.test(rest) && /[A-Z]/.test(rest) && /[0-9]/.test(rest)
  return rest.length >= 20 && isMixed && bitsPerCharacter(rest) > 4.2
}

/** Shannon's measure over the characters of a text. */
function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

const secretWords = new Set([
  'token',
  'secret',
  'password',
  'passwd',
  'passphrase',
  'pass',
  'pat',
  'pwd',
  'apikey',
  'accesskey',
  'privatekey',
  'secretkey',
  'authtoken',
  'credential',
  'credentials',
  'authorization',
  'cookie',
  'bearer',
  'dsn',
  'auth',
])
const keyOwners = new Set([
  'api',
  'access',
  'private',
  'secret',
  'auth',
  'account',
  'service',
  'signing',
  'encryption',
  'master',
  'app',
  'application',
  'license',
  'x',
])

/** Whether a variable, header, flag or query name says that its value is a secret: `GITHUB_TOKEN`, `--apiKey`, `X-Api-Key`. */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name)
  const last = words.at(-1)
  if (last === undefined || words[0] === 'no' || (words.length === 1 && last === 'pwd')) return false
  if (secretWords.has(last)) return true
  const before = words.at(-2)
  if (last === 'key') return before === undefined || keyOwners.has(before) || secretWords.has(before)
  if (last === 'string' && before === 'connection') return true
  return last === 'id' && before === 'session'
}

function wordsOf(name: string): string[] {
  return name
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
}

/** Values under a secret's name that are not secrets: switches, small numbers, paths of files that hold the secret, gaps to fill in. */
export function isHarmlessUnderSecretName(value: string): boolean {
  return (
    /^(?:true|false|yes|no|on|off|none|null|\d{1,5})$/i.test(value) ||
    /^<[^<>]{0,100}>$/.test(value) ||
    /^your[-_ ]/i.test(value) ||
    /^(?:\/|~\/|\.{1,2}\/|[A-Za-z]:\\)[A-Za-z0-9 ._/\\-]{1,300}\.[a-z]{2,5}$/.test(value)
  )
}
