import { z } from 'zod'

/** A reference to a secret, never the secret: `env:NAME` or `file:/absolute/path`. */
export const SecretReference = z.string().regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+)$/)
