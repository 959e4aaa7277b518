/** What an `.npmrc` says, the last line of a key counting: values without quotes, `${NAME}` filled in by `variable`. */
export function readNpmrc(text: string, variable: (name: string) => string | null): Map<string, string> {
  const said = new Map<string, string>()
  for (const line of text.split(/\r?\n/).slice(0, maxLines)) {
    const cut = line.indexOf('=')
    const key = line.slice(0, Math.max(cut, 0)).trim()
    if (key === '' || key.startsWith(';') || key.startsWith('#')) continue
    said.set(key, filled(unquoted(line.slice(cut + 1).trim()), variable))
  }
  return said
}

const maxLines = 10_000

function unquoted(text: string): string {
  const quote = text.at(0)
  return (quote === '"' || quote === "'") && text.length > 1 && text.at(-1) === quote ? text.slice(1, -1) : text
}

function filled(text: string, variable: (name: string) => string | null): string {
  return text.replace(/\$\{([A-Za-z0-9_]{1,100})\??\}/g, (_all, name: string) => variable(name) ?? '')
}
