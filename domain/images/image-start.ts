/** What a container of an image starts, as the image's own configuration has it. */
export interface ImageStart {
  entrypoint: string[]
  /** Words after the entry point, or the whole command where there is none: what an entry of a client names takes its place. */
  command: string[]
  folder: string
}

const maxWords = 100

/** Reads an image's configuration; what it does not say is empty. */
export function imageStart(document: unknown): ImageStart {
  const config = fieldOf(document, 'config')
  const folder = fieldOf(config, 'WorkingDir')
  return {
    entrypoint: words(fieldOf(config, 'Entrypoint')),
    command: words(fieldOf(config, 'Cmd')),
    folder: typeof folder === 'string' && folder.startsWith('/') ? folder.slice(0, 1_000) : '/',
  }
}

function words(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
  return list.filter((one) => typeof one === 'string').slice(0, maxWords)
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}
