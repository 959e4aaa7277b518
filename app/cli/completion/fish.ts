import {
  type CommandWords,
  everywhereWords,
  families,
  firstWords,
  type OptionWord,
  valuedEverywhere,
} from './command-words.ts'

/** The completion for fish, with what each word is. */
export function fishCompletion(commands: readonly CommandWords[]): string {
  return `# Completion of upkeep for fish. Once: upkeep completion fish | source
# For good: upkeep completion fish > ~/.config/fish/completions/upkeep.fish
function __upkeep_verb
    set -l verb
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word ${valuedEverywhere(commands).join(' ')}
            set skip 1
        else if not string match -q -- '-*' $word
            if test -z "$verb"
                set verb $word
            else if contains -- "$verb $word" ${commands
              .filter(({ verb }) => verb.includes(' '))
              .map(({ verb }) => quoted(verb))
              .join(' ')}
                set verb "$verb $word"
            end
        end
    end
    echo -- $verb
end
function __upkeep_is
    set -l verb (__upkeep_verb)
    test "$verb" = "$argv"
end
complete -c upkeep -f
complete -c mcp-upkeep -w upkeep
${firstWords(commands)
  .map(([word, says]) => wordLine('', word, says))
  .join('\n')}
${wordLine('help', 'all', 'every command')}
${[...families(commands)].flatMap(([family, all]) => all.map(({ verb, says }) => wordLine(family, verb.split(' ')[1] ?? '', says))).join('\n')}
${commands.flatMap(linesOf).join('\n')}
${everywhereWords()
  .map((one) => optionLine(null, one))
  .join('\n')}
`
}

function linesOf({ verb, options, plain }: CommandWords): string[] {
  const words = plain.is === 'choice' ? plain.of.map((one) => wordLine(verb, one, '')) : []
  const files = plain.is === 'file' ? [`complete -c upkeep -n ${isVerb(verb)} -F`] : []
  return [...words, ...files, ...options.map((one) => optionLine(verb, one))]
}

function wordLine(verb: string, word: string, says: string): string {
  return `complete -c upkeep -n ${isVerb(verb)} -a ${quoted(word)}${says === '' ? '' : ` -d ${quoted(says)}`}`
}

function optionLine(verb: string | null, { flag, says, value }: OptionWord): string {
  const when = verb === null ? '' : ` -n ${isVerb(verb)}`
  const takes = {
    none: '',
    any: ' -x',
    file: ' -r -F',
    choice: ` -x -a ${quoted(value.is === 'choice' ? value.of.join(' ') : '')}`,
  }
  return `complete -c upkeep${when} -l ${flag.slice(2)}${takes[value.is]} -d ${quoted(says)}`
}

function isVerb(verb: string): string {
  return quoted(`__upkeep_is ${verb}`.trimEnd())
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`
}
