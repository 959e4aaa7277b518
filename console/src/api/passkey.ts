/** What a decision asks a passkey to sign. */
export interface SignatureAsked {
  readonly challenge: string
  readonly credentials: readonly string[]
}

const waitMs = 110_000
/** ES256, EdDSA, RS256: their COSE numbers, the preferred first. */
const algorithms: ReadonlyMap<number, string> = new Map([
  [-7, 'ES256'],
  [-8, 'EdDSA'],
  [-257, 'RS256'],
])

/** Why no passkey can be asked on this page; null where one can. */
export function whyNoPasskeys(): string | null {
  if (typeof PublicKeyCredential === 'undefined') return 'This browser has no passkeys, or not on this page.'
  if (/^[\d.]+$|^\[/.test(location.hostname))
    return `Passkeys are bound to a name, and this page was opened by an address. Open it as ${location.protocol}//localhost:${location.port}.`
  return null
}

/** Has a passkey sign, and gives back what it answered as the API takes it. Throws an error in plain words where it did not. */
export async function signedWithPasskey({ challenge, credentials }: SignatureAsked): Promise<string> {
  requirePasskeys()
  const made = await navigator.credentials
    .get({
      publicKey: {
        challenge: bytesOf(challenge),
        allowCredentials: credentials.map((id) => ({ type: 'public-key' as const, id: bytesOf(id) })),
        userVerification: 'required',
        timeout: waitMs,
      },
    })
    .catch((error: unknown) => {
      throw inWords(error, 'Nothing was decided')
    })
  if (!(made instanceof PublicKeyCredential) || !(made.response instanceof AuthenticatorAssertionResponse))
    throw new Error('Nothing was decided: no passkey answered.')
  const { authenticatorData, clientDataJSON, signature } = made.response
  const answer = {
    authenticatorData: textOf(authenticatorData),
    clientDataJSON: textOf(clientDataJSON),
    credential: textOf(made.rawId),
    signature: textOf(signature),
  }
  return textOf(new TextEncoder().encode(JSON.stringify(answer)).buffer)
}

/** Makes a passkey of a person: its algorithm, public key and id, as the API takes them. */
export async function newPasskey(person: string, known: readonly string[]): Promise<string> {
  requirePasskeys()
  const made = await navigator.credentials
    .create({
      publicKey: {
        // What makes it is not asked to vouch for it, so nothing rests on this challenge: the passkey signs for itself next.
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        rp: { id: location.hostname, name: 'upkeep' },
        user: { id: crypto.getRandomValues(new Uint8Array(16)), name: person, displayName: person },
        pubKeyCredParams: [...algorithms.keys()].map((alg) => ({ type: 'public-key' as const, alg })),
        excludeCredentials: known.map((id) => ({ type: 'public-key' as const, id: bytesOf(id) })),
        authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
        attestation: 'none',
        timeout: waitMs,
      },
    })
    .catch((error: unknown) => {
      throw inWords(error, 'No passkey was made')
    })
  if (!(made instanceof PublicKeyCredential) || !(made.response instanceof AuthenticatorAttestationResponse))
    throw new Error('No passkey was made.')
  const algorithm = algorithms.get(made.response.getPublicKeyAlgorithm())
  const publicKey = made.response.getPublicKey()
  if (algorithm === undefined || publicKey === null)
    throw new Error('The passkey is of a kind that is not taken here. Use another authenticator.')
  return `${algorithm} ${textOf(publicKey)} ${textOf(made.rawId)}`
}

function requirePasskeys(): void {
  const why = whyNoPasskeys()
  if (why !== null) throw new Error(why)
}

function inWords(error: unknown, outcome: string): Error {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError')
    return new Error(
      `${outcome}: the passkey was not used. It was cancelled, the time was over, or it is not on this device.`,
    )
  if (name === 'InvalidStateError') return new Error(`${outcome}: this device holds a passkey of yours already.`)
  if (name === 'SecurityError') return new Error(`${outcome}: the browser allows no passkeys on this page.`)
  return new Error(`${outcome}: the passkey could not be asked.`)
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0))
}

function textOf(bytes: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('')
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
