import { z } from 'zod'

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/)

/**
 * Have a Compose file or a Kubernetes manifest name an image by its digest, wherever it names it. Can be undone. `image` is the reference
 * without a digest; `from` the digest that stood there, null for none.
 */
export const SetImageDigest = z.strictObject({
  kind: z.literal('set-image-digest'),
  path: z.string(),
  image: z.string().min(1).max(500),
  from: digest.nullable(),
  to: digest,
})
