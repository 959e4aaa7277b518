/** What a text may try to do to the model that reads it. */
export type TextKind = 'instruction-to-model' | 'secrecy' | 'exfiltration'

const gap = (most: number) => `[^.!?\\n]{0,${most}}`
const start = `(?:^|[.!?:;,>\\n]\\s{0,3}|\\b(?:and|then|always|must|first|please|to|you|also|it)\\s)`
const ownFiles = `(?:~\\/|\\/etc\\/|\\.env\\b|\\.ssh|\\.aws|id_rsa|id_ed25519|mcp\\.json|credentials|private key|passwords?\\b|api keys?|secrets?\\b|access tokens?)`
/** Files that no description of a tool has to name. */
const privateFiles = `(?:~\\/|\\/etc\\/|\\.ssh|\\.aws|id_rsa|id_ed25519|mcp\\.json)`
const dialogue = `(?:conversation(?: history)?|chat history|chat log|system prompt|(?:all|previous|earlier) messages|messages so far|whole context|full context)`
const takes = `(?:send|upload|forward|post|transmit|append|include|attach|embed|pass|copy|leak|email|submit|exfiltrate|add|put|write|report)`
const carries = `(?:in|to|into|as|with|via|through) (?:the |this |a |each |every )?(?:["'\\u201c\`]|\\w{1,30} (?:parameter|argument|field|call)|parameter|argument|field|url|https?:|call\\b)`

/** Each is linear: one class and a bound between fixed words. */
export const instructionShapes: readonly { kind: TextKind; shape: RegExp }[] = [
  {
    kind: 'instruction-to-model',
    shape: new RegExp(
      `\\b(?:ignore|disregard|forget|override|bypass)\\b${gap(30)}\\b(?:previous|prior|earlier|above|preceding|safety|existing|system)\\b${gap(30)}\\b(?:instructions?|rules?|prompts?|guidelines?|directions?|messages?)\\b`,
      'gi',
    ),
  },
  {
    kind: 'instruction-to-model',
    shape:
      /(?:^|[\n.>]\s{0,3})(?:\[?system\]?|<\/?system>|\[inst\])\s{0,3}:?\s{0,3}(?:you|the assistant|ignore|disregard|new)\b/gi,
  },
  { kind: 'instruction-to-model', shape: /\byou are now (?:in|a|an|the|acting|operating)\b/gi },
  {
    kind: 'instruction-to-model',
    shape: new RegExp(
      `\\b(?:assistant|ai|llm|language model|model|agent) (?:must|should|shall|has to|needs to|is required to)\\b${gap(20)}\\b(?:call|use|read|open|send|fetch|invoke|run|include)\\b${gap(40)}\\b(?:first|before|this tool|file|always)\\b`,
      'gi',
    ),
  },
  {
    kind: 'instruction-to-model',
    shape: /\b(?:must|do|should|may) (?:not|never) (?:use|call|invoke) (?:any )?other tools?\b/gi,
  },
  {
    kind: 'instruction-to-model',
    shape: new RegExp(
      `\\bbefore (?:every|each|any|using|calling|invoking|answering)\\b${gap(40)}\\byou must (?:always |first )?(?:call|use|read|send|open|fetch)\\b`,
      'gi',
    ),
  },
  {
    kind: 'instruction-to-model',
    shape: new RegExp(
      `\\b(?:before|prior to) (?:each |every )?(?:use|using|call|calling|answering)\\b${gap(20)}\\b(?:read|open|cat|fetch|load|get)\\b${gap(40)}${privateFiles}`,
      'gi',
    ),
  },
  {
    kind: 'instruction-to-model',
    shape: new RegExp(
      `\\b(?:first|must|always|please|and|then),? (?:first |always |also )?(?:read|open|cat|fetch|access|load|get)\\b${gap(40)}${ownFiles}`,
      'gi',
    ),
  },
  {
    kind: 'instruction-to-model',
    shape: new RegExp(
      `\\bbefore (?:using|calling|invoking)\\b${gap(30)},? ?(?:you )?(?:read|open|cat|fetch|access|load)\\b${gap(30)}${ownFiles}`,
      'gi',
    ),
  },
  {
    kind: 'secrecy',
    shape: new RegExp(
      `\\b(?:do not|don't|dont|never|without|must not|should not|avoid) (?:ever )?(?:tell|inform|mention|notify|reveal|show|disclose|alert|warn|telling|informing|mentioning|notifying|revealing|showing|disclosing|alerting)\\b${gap(40)}\\busers?\\b`,
      'gi',
    ),
  },
  {
    kind: 'secrecy',
    shape:
      /\b(?:do not|don't|never|and not) (?:ever )?(?:mention|reveal|disclose|talk about|speak of) (?:it|this|that|these)\b/gi,
  },
  { kind: 'secrecy', shape: new RegExp(`\\b(?:hide|conceal|keep)\\b${gap(40)}\\bfrom the users?\\b`, 'gi') },
  { kind: 'secrecy', shape: new RegExp(`\\bkeep (?:it|this|that)\\b${gap(20)}\\b(?:secret|hidden|quiet)\\b`, 'gi') },
  { kind: 'secrecy', shape: /\bno need for the user to (?:see|know|confirm|approve)\b/gi },
  { kind: 'exfiltration', shape: new RegExp(`${start}${takes}\\b${gap(30)}\\b${dialogue}${gap(60)}`, 'gi') },
  { kind: 'exfiltration', shape: new RegExp(`${start}${takes}\\b${gap(40)}${ownFiles}${gap(50)}\\b${carries}`, 'gi') },
  {
    kind: 'exfiltration',
    shape: new RegExp(
      `${start}${takes}\\b${gap(20)}\\ball (?:api keys|passwords|credentials|secrets|tokens)\\b${gap(40)}`,
      'gi',
    ),
  },
]
