/** Control characters but line ends and tabs: among them the start of every terminal command. */
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/
/** Characters that turn the direction of the text around them, and tags that nobody sees. */
const turning = /[\u202a-\u202e\u2066-\u2069]|\udb40[\udc00-\udc7f]/
/** Markup that would load or run something. A tag that is only named, as advisories about web pages do, is not that. */
const activeMarkup = [
  /<script\b[^<>]{0,200}(?:\bsrc\s{0,9}=|>[^<]{1,500}<\/script)/i,
  /<(?:iframe|object|embed|img|svg|link|base|form)\b[^<>]{0,300}\b(?:src|href|data|action)\s{0,9}=\s{0,9}["']?(?:https?:|\/\/|data:|javascript:)/i,
  /<meta\b[^<>]{0,200}http-equiv/i,
  /<[a-z][a-z0-9]{0,20}\s[^<>]{0,300}\bon[a-z]{3,20}\s{0,9}=/i,
  /<a\s[^<>]{0,300}\bhref\s{0,9}=\s{0,9}["']?(?:javascript|data):/i,
]
const codeSpan = /`[^`]{0,1000}`/g
/** What is quoted is spoken about, not said: advisories about injections quote them. */
const quoted = /"[^"]{0,1000}"|“[^”]{0,1000}”|«[^»]{0,1000}»|`[^`]{0,1000}`/g
const invisible = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g
/** Words without which nothing below can match: most texts are done with after this. */
const speaksToModel =
  /ignore|disregard|forget|mark|report|treat|classify|consider|rate|dismiss|you are|assistant|language model|<\|im_|\[inst\]|<system>/i
const toModel = [
  /\b(?:ignore|disregard|forget) (?:all |any )?(?:of )?(?:the |your |my )?(?:previous|prior|above|earlier|preceding|other) (?:instructions?|prompts?|rules|context|findings|advisories|records)/i,
  /\b(?:mark|report|treat|classify|consider|rate|dismiss) (?:all|every|everything|this|these|it|any|each)\b[^.!?]{0,60}\b(?:safe|clean|benign|harmless|resolved|fixed|trusted|not affected|unaffected|false positives?)\b/i,
  /\b(?:dear|attention|hey|hello|note to|message to|instructions? (?:to|for))[ ,:]{1,3}(?:the |any |all )?(?:ai|assistant|llm|language model|model|agent|scanner)s?\b/i,
  /\byou are (?:an?|the|now|no longer) (?:\w{1,20} )?(?:ai|assistant|language model|llm|agent|security scanner)\b/i,
  /<\|im_(?:start|end)\|>|\[inst\]|<system>/i,
]

/** Why a text from a feed is not believed, or null: it is made to be read by something else than a person looking for advisories. */
export function whyHostile(text: string, { markup }: { markup: boolean }): string | null {
  if (control.test(text)) return 'its text holds control characters, such as terminals obey'
  if (turning.test(text)) return 'its text holds characters that turn or hide text'
  if (markup && text.includes('<') && hasActiveMarkup(text)) return 'its text holds markup that loads or runs something'
  return addressesModel(text) ? 'its text gives instructions to a language model' : null
}

function hasActiveMarkup(text: string): boolean {
  const plain = text.replace(codeSpan, ' ')
  return activeMarkup.some((pattern) => pattern.test(plain))
}

const plainAscii = /^[\u0000-\u007f]*$/

function addressesModel(text: string): boolean {
  // Only other letters can be disguised ones; most texts are done with here.
  if (plainAscii.test(text) && !speaksToModel.test(text)) return false
  const plain = text.normalize('NFKC').replace(invisible, '').slice(0, 100_000)
  if (!speaksToModel.test(plain)) return false
  const said = plain.replace(quoted, ' ').replace(/\s{1,1000}/g, ' ')
  return toModel.some((pattern) => pattern.test(said))
}
