/** Hands a text to the browser as a file to keep. */
export function saveFile(text: string, name: string, type: string): void {
  saveBytes(new Blob([text], { type }), name)
}

/** Hands what was read to the browser as a file to keep. */
export function saveBytes(bytes: Blob, name: string): void {
  const address = URL.createObjectURL(bytes)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
