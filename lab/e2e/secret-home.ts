import type { Canary } from './canaries.ts'

const tokenLike = (label: string) => ['ghp', `${label}${'0123456789abcdefghijklmnopqrstuvwxyz'}`.slice(0, 36)].join('_')

/** A secret for each place that can hold one, some shaped like known tokens, some like nothing. */
const secrets = {
  'env, token-shaped': tokenLike('EnvCanary'),
  'env, shapeless': 'env-canary-öß"quoted"&more',
  'env, short name': 'plain-word-canary-one',
  'argument after a flag': 'flag-value-canary-7f3a',
  'argument with =': 'equals-value-canary-91bc',
  'positional argument, token-shaped': ['sk', 'ant', 'positionalcanary0123456789abcdefghijklmnop'].join('-'),
  'header, bearer': 'header-bearer-canary-55aa',
  'header, custom': 'header-custom-canary-66bb',
  'URL user': 'url-user-canary-11',
  'URL password': 'url-password-canary-22',
  'URL query': 'url-query-canary-33cc',
  'URL path segment': 'a1b2c3d4e5f60718293a4b5c6d7e8f90canarypath',
  'URL fragment': 'url-fragment-canary-44dd',
  'URL as argument, query': 'argument-url-canary-88ff',
  'codex env': 'codex-env-canary-toml-77ee',
  'unknown key': 'unknown-key-canary-99aa',
  'malformed JSON': 'malformed-json-canary-12ab',
  'malformed TOML': 'malformed-toml-canary-34cd',
  'malformed JSONC': 'malformed-jsonc-canary-56ef',
  'token by reference': 'referenced-token-canary-78ab',
} as const
type Where = keyof typeof secrets

export const canaries: readonly Canary[] = Object.entries(secrets).map(([where, text]) => ({ where, text }))

export function secretAt(where: Where): string {
  return secrets[where]
}

const url = `https://${secrets['URL user']}:${secrets['URL password']}@mcp.example.com/${secrets['URL path segment']}/mcp?api_key=${secrets['URL query']}#${secrets['URL fragment']}`

const desktop = {
  mcpServers: {
    one: {
      command: 'npx',
      args: [
        '-y',
        'some-server@1.0.0',
        '--token',
        secrets['argument after a flag'],
        `--password=${secrets['argument with =']}`,
      ],
      env: {
        GITHUB_TOKEN: secrets['env, token-shaped'],
        DB_PASS: secrets['env, shapeless'],
        X: secrets['env, short name'],
      },
      extension: { inner: secrets['unknown key'] },
    },
    two: {
      command: 'npx',
      args: [
        'mcp-remote@0.1.15',
        `https://h.example/mcp?key=${secrets['URL as argument, query']}`,
        secrets['positional argument, token-shaped'],
      ],
    },
  },
}

const cursor = {
  mcpServers: {
    three: {
      url,
      headers: { Authorization: `Bearer ${secrets['header, bearer']}`, 'X-Custom': secrets['header, custom'] },
    },
  },
}

/** The files of a home in which every place that can hold a secret holds one; three of them do not parse. */
export const secretFiles: Readonly<Record<string, string>> = {
  '.config/Claude/claude_desktop_config.json': JSON.stringify(desktop, null, 2),
  '.cursor/mcp.json': JSON.stringify(cursor),
  '.codex/config.toml': `[mcp_servers.four]\ncommand = "npx"\nargs = []\n[mcp_servers.four.env]\nKEY = "${secrets['codex env']}"\n`,
  '.gemini/settings.json': `{"mcpServers": {"five": {"command": "x", "env": {"K": "${secrets['malformed JSON']}"}}`,
  '.codeium/windsurf/mcp_config.json': `{"mcpServers": {"six": {"env": {"K": ${secrets['malformed JSONC']} } } }`,
  '.claude.json': `{"mcpServers": {"seven": {"command": "x", "args": ["${secrets['malformed TOML']}]}}}`,
}
