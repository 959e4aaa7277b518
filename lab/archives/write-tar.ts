/** One entry to write: a file with its content, or a link, hard link or folder by its type. */
export interface TarPiece {
  path: string
  content?: string | Uint8Array
  type?: '0' | '1' | '2' | '3' | '5' | '6' | 'x' | 'L'
  target?: string
  mode?: number
  /** Stated instead of the true size. */
  size?: number
}

/** Writes a tar archive as ustar has it. */
export function writeTar(pieces: readonly TarPiece[], { end = true } = {}): Uint8Array {
  const blocks = pieces.flatMap((piece) => {
    const content = typeof piece.content === 'string' ? Buffer.from(piece.content) : Buffer.from(piece.content ?? '')
    const padding = Buffer.alloc((512 - (content.length % 512)) % 512)
    return [header(piece, content.length), content, padding]
  })
  return new Uint8Array(Buffer.concat([...blocks, Buffer.alloc(end ? 1024 : 0)]))
}

function header({ path, type = '0', target = '', mode = 0o644, size }: TarPiece, length: number): Buffer {
  const head = Buffer.alloc(512)
  head.write(path, 0, 100)
  head.write(`${mode.toString(8).padStart(7, '0')}\0`, 100)
  head.write(`${(size ?? length).toString(8).padStart(11, '0')}\0`, 124)
  head.write('        ', 148)
  head.write(type, 156)
  head.write(target, 157, 100)
  head.write('ustar\x0000', 257)
  const sum = head.reduce((total, byte) => total + byte, 0)
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return head
}

/** The pax header that gives the entry after it another path, size or target. */
export function paxHeader(records: Record<string, string>): TarPiece {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`
    let length = Buffer.byteLength(rest) + 1
    while (`${length}`.length + Buffer.byteLength(rest) !== length)
      length = `${length}`.length + Buffer.byteLength(rest)
    return `${length}${rest}`
  })
  return { path: 'PaxHeader', type: 'x', content: lines.join('') }
}
