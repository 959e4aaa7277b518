/** One entry as it is written: hostile where a test wants it so. */
export interface TarPart {
  path: string
  text?: string
  type?: string
  target?: string
  mode?: number
}

/** A tar of these entries, written byte by byte, so that it can hold what no tool would write. */
export function buildTar(parts: readonly TarPart[]): Buffer {
  return Buffer.concat([...parts.map(entry), Buffer.alloc(1_024)])
}

/** The manifest of an npm package. */
export function manifestEntry(name: string, version: string, more: object = {}): TarPart {
  return { path: 'package/package.json', text: JSON.stringify({ name, version, ...more }) }
}

function entry({ path, text = '', type = '0', target = '', mode = 0o644 }: TarPart): Buffer {
  const body = Buffer.from(text)
  const head = Buffer.alloc(512)
  head.write(path, 0, 100)
  head.write(`${mode.toString(8).padStart(7, '0')}\0`, 100)
  head.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124)
  head.write(' '.repeat(8), 148)
  head.write(type, 156)
  head.write(target, 157, 100)
  head.write('ustar\0', 257)
  head.write('00', 263)
  const sum = head.reduce((total, byte) => total + byte, 0)
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([head, body, Buffer.alloc((512 - (body.length % 512)) % 512)])
}
