import type { FilesPort } from '@upkeep/contract/ports'
import type { Vendor } from '@upkeep/domain/integrations/vendors'
import { z } from 'zod'

const Signs = z.array(z.string().min(2).max(253)).max(1_000)

/** A pack of vendors, as its file holds it. */
export const VendorPack = z.strictObject({
  vendors: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
        title: z.string().min(1).max(100),
        hosts: Signs,
        variables: Signs,
        packages: Signs,
        secrets: Signs,
      }),
    )
    .max(10_000),
})

const maxBytes = 8 << 20

/** Reads packs of vendors; a text says which could not be used. Without any pack nothing could be told of anybody. */
export function readVendors(paths: readonly string[], files: FilesPort): Vendor[] | string {
  const found: Vendor[] = []
  for (const path of paths) {
    const read = files.read(path, maxBytes)
    if (read.state !== 'present') return `${path}: ${read.state === 'absent' ? 'nothing is there' : read.reason}`
    const pack = VendorPack.safeParse(parsed(read.bytes))
    if (!pack.success) return `${path}: it is not a pack of vendors`
    found.push(...pack.data.vendors)
  }
  return found.length === 0 ? 'no pack of vendors is installed' : found
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
}
