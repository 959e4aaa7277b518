/**
 * Everything that can go wrong and that a person can act on. Codes are permanent. A defect has no code: it is any other error, and
 * ends with exit 70.
 */
export const errorCatalogue = {
  'config-invalid': 'upkeep.yaml has an error; the message names the line and what was expected.',
  'config-exists': 'A file of that name is there already and is not overwritten.',
  'node-too-old': 'The running Node.js is older than the one this version needs.',
  'state-unusable':
    'The state folder cannot be used: it is missing rights, belongs to someone else or is readable by others.',
  'state-newer': 'The state was written by a newer version; an older one does not touch it.',
  'state-busy': 'Another process is at work on the same state; it is named, with how long to wait.',
  'not-found': 'What was named does not exist; the message says how to list what does.',
  ambiguous: 'The name fits more than one; the message lists them.',
  'bad-input': 'A value has the wrong form; the message says which form it takes.',
  'not-allowed': 'The person named does not hold the role that this takes.',
  'evidence-invalid': 'The evidence does not verify; the message names the record by index.',
  'feed-unreadable': 'A feed named by the user cannot be read.',
  'practice-unavailable': 'The practice fleet could not be installed; the message says what was missing.',
  'schedule-unsupported': 'This system has no scheduler that is known here.',
  'cannot-run': 'The server cannot be run in the sandbox; the message says what stands in the way.',
  'not-consented': 'A server would be started that nobody let be run; the message says how to.',
  'login-failed': 'A login to a remote server did not come about; the message says what stands in the way.',
  'change-impossible': 'What was asked for cannot be made of what is there; the message says what stands in the way.',
  'change-outdated': 'A file is no longer what the plan was made from; nothing was written over it.',
  'look-outdated': 'What a decision is about was changed since it was last looked at; the message names it.',
  'not-approved': 'A change would be made that nobody let be made; the message says what is missing.',
  'needs-a-person': 'A decision is asked for that only a person with proof that they are there can give.',
  'signature-needed': 'A decision waits for a passkey: the answer holds what is shown and what is to be signed.',
  'answer-lost': 'A request was cut off after part of it was recorded; it is not done a second time.',
  'witness-unwritable': 'The checkpoint could not be written to the witness.',
} as const
export type ErrorCode = keyof typeof errorCatalogue

/** Something the user can put right: shown without a stack, exit 2. `action` says what to do. */
export class UserError extends Error {
  readonly code: ErrorCode
  readonly action: string
  constructor(code: ErrorCode, message: string, action: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'UserError'
    this.code = code
    this.action = action
  }
}

/** Something outside failed: retried by policy, then the observation is unavailable and the verdict unknown. */
export class UpstreamError extends Error {
  readonly upstream: string
  constructor(upstream: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'UpstreamError'
    this.upstream = upstream
  }
}
