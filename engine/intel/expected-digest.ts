import { readBounded } from '../ports/files-read.ts'

/** What a feed's digest should be, and who says so. */
export interface ExpectedDigest {
  algorithm: 'sha256' | 'sha512'
  hex: string
  saidBy: string
}

const maxBytes = 4_096

/** What the owner says of a feed's digest, and what the files `<feed>.sha256` and `<feed>.sha512` beside it say. */
export function expectedDigests(path: string, sha256: string | undefined): ExpectedDigest[] {
  const said: ExpectedDigest[] =
    sha256 === undefined ? [] : [{ algorithm: 'sha256', hex: sha256, saidBy: 'upkeep.yaml' }]
  for (const algorithm of ['sha256', 'sha512'] as const) {
    const beside = readBounded(`${path}.${algorithm}`, maxBytes)
    if (beside.state === 'absent') continue
    const hex =
      beside.state === 'present'
        ? (/^[0-9a-fA-F]{64,128}/.exec(Buffer.from(beside.bytes).toString('latin1'))?.[0] ?? '')
        : ''
    said.push({ algorithm, hex: hex.toLowerCase(), saidBy: `the file .${algorithm} beside it` })
  }
  return said
}
