import { createHash } from 'node:crypto'
import { styleSheet } from './style.ts'

const styleHash = createHash('sha256').update(styleSheet).digest('base64')

/** What a page of ours may do: show itself by its own style sheet, and nothing else. */
export const contentPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`
