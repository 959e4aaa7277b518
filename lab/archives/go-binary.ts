/** What to write into a program, and where to break it. */
export interface GoBinary {
  form?: 'elf' | 'mach-o' | 'pe'
  go: string
  text: string
  /** False for the form from before Go 1.18. */
  inline?: boolean
  /** A length to state for the version instead of its own. */
  statedLength?: number
}

const heads = { elf: '\x7fELF', 'mach-o': '\xcf\xfa\xed\xfe', pe: 'MZ\x90\0' }

/** The bytes of a program with the build information of Go in it, at a multiple of sixteen, as its linker puts it there. */
export function goBinary({ form = 'elf', go, text, inline = true, statedLength }: GoBinary): Uint8Array {
  const head = Buffer.alloc(64)
  head.write(heads[form], 0, 'latin1')
  const mark = Buffer.alloc(32)
  mark.write('\xff Go buildinf:', 0, 'latin1')
  mark[14] = 8
  mark[15] = inline ? 2 : 0
  const frame = Buffer.alloc(16, 0x30)
  const framed = text === '' ? Buffer.alloc(0) : Buffer.concat([frame, Buffer.from(text), frame])
  const version = Buffer.concat([lengthOf(statedLength ?? Buffer.byteLength(go)), Buffer.from(go)])
  return new Uint8Array(Buffer.concat([head, mark, version, lengthOf(framed.length), framed, Buffer.alloc(64)]))
}

function lengthOf(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.from([...bytes, rest])
}
