import { createHash } from 'node:crypto'
import { UserError } from '@upkeep/contract'
import { keysInForce } from '@upkeep/engine/change/person-keys'
import {
  bindsPasskeys,
  challengeOf,
  checkAssertion,
  countIn,
  isAssertionBy,
  readPasskey,
} from '@upkeep/engine/kernel/passkey'
import type { Context, PasskeyDoor, PersonAtDoor, PersonalKey } from '../../operations/context.ts'
import type { Call, CallAnswer, SignatureAsked } from './messages.ts'
import type { PasskeyCounts } from './passkey-counts.ts'

/** What an operation that is under way is heard by: whoever asked last for it. */
export interface Heard {
  readonly signal: AbortSignal
  progress(what: string): void
  tell(line: string): void
}

/** Operations that wait for a passkey. Each goes on where it stopped, so that what is recorded is what was shown and signed. */
export interface AskedSignatures {
  /** Runs a call until it is done or asks for a signature: then the answer says what is to be signed. */
  run(call: Call, heard: Heard, work: (line: Heard, hands: Hands) => Promise<CallAnswer>): Promise<CallAnswer>
  /** Ends those that wait. */
  close(): Promise<void>
}

/** What a context of one call is given, so that its person can sign. */
export interface Hands {
  /** Null where nobody at this door can: no browser, or no passkey of theirs for its page. */
  personOf(context: Context): Promise<PersonAtDoor | null>
  readonly passkeys: PasskeyDoor | undefined
}

interface Waiting {
  readonly done: Promise<CallAnswer>
  readonly stop: AbortController
  heard: Heard
  /** Takes the signature that is waited for; null while none is. */
  asked: ((stored: string) => void) | null
  /** Told when it asks, again and again. */
  hear: ((asked: SignatureAsked) => void) | null
}

const waitMs = 120_000
const mostWaiting = 20
const mostShown = 20_000

export function askedSignatures(counts: PasskeyCounts): AskedSignatures {
  const waiting = new Map<string, Waiting>()
  return {
    async run(call, heard, work) {
      const before = waiting.get(nameOf(call))
      const { assertion = null } = call
      if (before !== undefined && assertion !== null) return goOn(before, assertion, heard)
      // Asked anew without a signature: what waited for one is given up.
      if (before !== undefined && before.asked !== null) await end(before)
      return begin(call, heard, work)
    },
    async close() {
      await Promise.all([...waiting.values()].map(end))
    },
  }

  function begin(call: Call, heard: Heard, work: Parameters<AskedSignatures['run']>[2]): Promise<CallAnswer> {
    const stop = new AbortController()
    heard.signal.addEventListener('abort', () => stop.abort(), { once: true })
    const entry: Waiting = {
      done: Promise.resolve().then(() => work(line, handsOf(call, sign))),
      stop,
      heard,
      ...silent,
    }
    const line: Heard = {
      signal: stop.signal,
      progress: (what) => entry.heard.progress(what),
      tell: (text) => entry.heard.tell(text),
    }
    const name = nameOf(call)
    async function sign(asked: Omit<SignatureAsked, 'challenge'>): Promise<string> {
      const other = waiting.get(name)
      if (other !== undefined && other !== entry) await end(other)
      if (waiting.size >= mostWaiting) throw notSigned(`${mostWaiting} decisions wait for signatures already`)
      waiting.set(name, entry)
      return signed(asked, entry, counts)
    }
    void entry.done.finally(() => waiting.get(name) === entry && waiting.delete(name))
    return untilAsked(entry)
  }
}

const silent = { asked: null, hear: null }

function goOn(entry: Waiting, assertion: string, heard: Heard): Promise<CallAnswer> {
  const { asked } = entry
  // Sent twice: both get the one answer.
  if (asked === null) return entry.done
  entry.asked = null
  entry.heard = heard
  const next = untilAsked(entry)
  asked(assertion)
  return next
}

async function end(entry: Waiting): Promise<void> {
  entry.stop.abort()
  await entry.done
}

function untilAsked(entry: Waiting): Promise<CallAnswer> {
  const asks = new Promise<CallAnswer>((resolve) => {
    entry.hear = (signature) => resolve({ state: 'failed', problem: { ...needed, signature } })
  })
  return Promise.race([entry.done, asks])
}

/** Waits for an assertion over the statement, and takes none but one by these passkeys. */
async function signed(
  asked: Omit<SignatureAsked, 'challenge'>,
  entry: Waiting,
  counts: PasskeyCounts,
): Promise<string> {
  const { signal } = entry.stop
  const stored = await new Promise<string>((resolve, reject) => {
    const given = () => reject(notSigned('it was asked anew, or stopped'))
    if (signal.aborted) return given()
    const timer = setTimeout(() => reject(notSigned('no signature came within two minutes')), waitMs)
    timer.unref()
    signal.addEventListener('abort', given, { once: true })
    entry.asked = (one) => {
      clearTimeout(timer)
      resolve(one)
    }
    entry.hear?.({ ...asked, challenge: challengeOf(asked.statement) })
  })
  const key = asked.keys.find((one) => isAssertionBy(one, stored))
  if (key === undefined) throw notSigned('it is signed by no passkey of yours')
  const checked = checkAssertion(key, stored, asked.statement)
  if (checked.state === 'bad') throw notSigned(checked.reason)
  const credential = readPasskey(key)?.credential ?? ''
  if (!(await counts.goesOn(credential, countIn(stored))))
    throw notSigned('its count went back: somebody else may hold a copy of the passkey')
  return stored
}

function notSigned(why: string): UserError {
  return new UserError('needs-a-person', `Nothing was decided: ${why}.`, 'Ask again when it is clear.')
}

function handsOf({ caller }: Call, sign: (asked: Omit<SignatureAsked, 'challenge'>) => Promise<string>): Hands {
  const { page = null } = caller
  if (page === null) return { personOf: async () => null, passkeys: undefined }
  const keyOf = (keys: readonly string[], shown: () => string): PersonalKey => ({
    line: keys[0] ?? '',
    presence: 'passkey',
    sign: (statement) => sign({ statement, shown: shown().slice(0, mostShown), keys }),
  })
  return {
    personOf: (context) => (bindsPasskeys(page) ? personOf(context, page, keyOf) : Promise.resolve(null)),
    passkeys: { origin: page, keyOf: (keys, shown) => keyOf(keys, () => shown) },
  }
}

/** The person in the browser, where a passkey of theirs is enrolled for this page: whatever they are asked they answer by signing. */
async function personOf(
  context: Context,
  page: string,
  keyOf: (keys: readonly string[], shown: () => string) => PersonalKey,
): Promise<PersonAtDoor | null> {
  const records = (await (await context.existingStore())?.personKeys.list()) ?? []
  const own = (keysInForce(records).get(context.signer.person) ?? [])
    .map(({ key }) => key)
    .filter((key) => readPasskey(key)?.origin === page)
  if (own.length === 0) return null
  const shown: string[] = []
  return {
    style: { width: 100, colour: false, ascii: false, verbose: false },
    answersBySigning: true,
    show: (text) => void shown.push(text),
    ask: async () => 'yes',
    askSecret: async () => null,
    findKey: (line) => (own.includes(line) ? line : null),
    keyAt(line) {
      if (own.includes(line)) return keyOf(own, () => shown.join('\n').trim())
      throw new UserError('bad-input', 'There are no files of keys here.', 'Sign with a passkey.')
    },
  }
}

/** One person asks one thing at one time. */
function nameOf({ operation, caller, input }: Call): string {
  return createHash('sha256')
    .update(JSON.stringify([caller.person, caller.page, operation, input]))
    .digest('hex')
}

const needed = {
  code: 'signature-needed',
  message: 'This takes the signature of a passkey of yours.',
  means: 'Nothing was decided yet.',
  action: 'Sign the challenge within two minutes, and send the same request with the header passkey-assertion.',
}
