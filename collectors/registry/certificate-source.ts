/** The certificate extension in which Fulcio states the repository that a build is of: a DER string since its second edition. */
const sourceRepository = '1.3.6.1.4.1.57264.1.12'
const utf8String = 0x0c

interface Extension {
  oid?: { id: readonly number[] } | undefined
  value: Uint8Array
}

/** The repository that the certificate of a builder names; null where it names none. */
export function sourceInCertificate(extensions: readonly Extension[]): string | null {
  const found = extensions.find((one) => one.oid?.id.join('.') === sourceRepository)
  return found === undefined ? null : derText(found.value)
}

/** The text of a DER string of up to 65,535 bytes. */
function derText(value: Uint8Array): string | null {
  const [tag, first = 0, second = 0, third = 0] = value
  if (tag !== utf8String) return null
  const [start, length] =
    first < 0x80 ? [2, first] : first === 0x81 ? [3, second] : first === 0x82 ? [4, (second << 8) | third] : [0, -1]
  if (start + length !== value.length) return null
  return new TextDecoder().decode(value.subarray(start))
}
