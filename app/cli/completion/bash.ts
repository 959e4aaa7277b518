import {
  type CommandWords,
  everywhereWords,
  families,
  firstWords,
  type OptionWord,
  valuedEverywhere,
  type WordValue,
} from './command-words.ts'

/** The completion for bash: needs nothing but bash itself. */
export function bashCompletion(commands: readonly CommandWords[]): string {
  return `# Completion of upkeep for bash. Once: source <(upkeep completion bash)
# For good: upkeep completion bash > ~/.local/share/bash-completion/completions/upkeep
_upkeep() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} verb= i word options= plain=
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case $word in
      ${valuedEverywhere(commands).join('|')}) ((i++)) ;;
      -*) ;;
      *) case "$verb $word" in
        ' '*) verb=$word ;;
        ${pairs(commands)}) verb="$verb $word" ;;
      esac ;;
    esac
  done
  case "$verb:$prev" in
${[...commands.flatMap(({ verb, options }) => options.map((one) => valueCase(`'${verb}':${one.flag}`, one.value))), ...everywhereWords().map((one) => valueCase(`*:${one.flag}`, one.value))].filter((line) => line !== '').join('\n')}
  esac
  case "$verb" in
${commands.map((one) => commandCase(one, commands)).join('\n')}
${[...families(commands)]
  .filter(([word]) => !commands.some(({ verb }) => verb === word))
  .map(([word, all]) => `    '${word}') plain='${seconds(all)}' ;;`)
  .join('\n')}
    help) plain='all ${firstWords(commands)
      .map(([word]) => word)
      .join(' ')}' ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$options ${everywhereWords().map(flagOf).join(' ')}" -- "$cur"))
  elif [[ $plain == '<file>' ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
  else
    COMPREPLY=($(compgen -W "$plain" -- "$cur"))
  fi
}
complete -F _upkeep upkeep mcp-upkeep
`
}

function pairs(commands: readonly CommandWords[]): string {
  const two = commands.filter(({ verb }) => verb.includes(' ')).map(({ verb }) => `'${verb}'`)
  return two.length === 0 ? "'  '" : two.join('|')
}

function valueCase(pattern: string, value: WordValue): string {
  if (value.is === 'none') return ''
  if (value.is === 'any') return `    ${pattern}) return ;;`
  if (value.is === 'file')
    return `    ${pattern}) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;`
  return `    ${pattern}) COMPREPLY=($(compgen -W '${value.of.join(' ')}' -- "$cur")); return ;;`
}

function commandCase({ verb, options, plain }: CommandWords, commands: readonly CommandWords[]): string {
  const further = families(commands).get(verb) ?? []
  const words =
    verb === ''
      ? firstWords(commands)
          .map(([word]) => word)
          .join(' ')
      : seconds(further)
  const own = plain.is === 'choice' ? plain.of.join(' ') : ''
  const all = plain.is === 'file' ? '<file>' : [words, own].filter((part) => part !== '').join(' ')
  return `    '${verb}') options='${options.map(flagOf).join(' ')}' plain='${all}' ;;`
}

function seconds(all: readonly CommandWords[]): string {
  return all.map(({ verb }) => verb.split(' ')[1]).join(' ')
}

function flagOf({ flag }: OptionWord): string {
  return flag
}
