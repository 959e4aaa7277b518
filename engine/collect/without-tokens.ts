import type { ProbeSubject } from '@upkeep/contract'

const maxLength = 500

/** Cut, and without the credentials even where a probe wrote them down. */
export function withoutTokens(
  text: string,
  subject: Pick<ProbeSubject, 'authorization' | 'foreignAuthorization'>,
): string {
  const kept = [subject.authorization, subject.foreignAuthorization].reduce((rest: string, header) => {
    const token = header?.replace(/^Bearer /i, '') ?? ''
    return token.length === 0 ? rest : rest.replaceAll(token, '(token)')
  }, text)
  return (kept.length > maxLength ? `${kept.slice(0, maxLength)} (cut)` : kept).toWellFormed()
}
