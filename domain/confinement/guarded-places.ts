/**
 * Where secrets lie in a home, relative to it: no profile gives them to a server, and where a server is given a folder above one of them it
 * finds nothing there. Sources: the documentation of each program.
 */
const guarded = [
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.kube',
  '.docker',
  '.oci',
  '.netrc',
  '.npmrc',
  '.pypirc',
  '.git-credentials',
  '.pgpass',
  '.my.cnf',
  '.vault-token',
  '.password-store',
  '.terraform.d',
  '.cargo/credentials.toml',
  '.config/gcloud',
  '.config/gh',
  '.config/git/credentials',
  '.config/op',
  '.config/upkeep',
  '.config/google-chrome',
  '.config/chromium',
  '.config/BraveSoftware',
  '.config/Code/User/globalStorage',
  '.local/share/keyrings',
  '.local/state/upkeep',
  '.mozilla',
  '.thunderbird',
  '.bash_history',
  '.zsh_history',
  '.claude',
  '.claude.json',
  '.codex',
  '.cursor/mcp.json',
  '.gemini',
]

/** The places of a home that keep secrets, absolute. */
export function guardedPlaces(home: string): string[] {
  return guarded.map((path) => `${home}/${path}`)
}

/** The guarded place that a path is, or lies in; null for one that is none. */
export function guardOver(path: string, home: string): string | null {
  return guardedPlaces(home).find((place) => isBelow(path, place)) ?? null
}

/** Whether a path is a folder or lies in it. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}
