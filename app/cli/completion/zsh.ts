import {
  type CommandWords,
  everywhereWords,
  families,
  firstWords,
  type OptionWord,
  valuedEverywhere,
} from './command-words.ts'

/** The completion for zsh, with what each word is. */
export function zshCompletion(commands: readonly CommandWords[]): string {
  return `#compdef upkeep mcp-upkeep
# Completion of upkeep for zsh. Once: source <(upkeep completion zsh)
# For good: upkeep completion zsh > a file named _upkeep in a folder of your fpath
_upkeep() {
  local verb='' word prev=\${words[CURRENT-1]} cur=\${words[CURRENT]} i files=0
  local -a options plain values
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    case $word in
      (${valuedEverywhere(commands).join('|')}) ((i++)) ;;
      (-*) ;;
      (*) case "$verb $word" in
        (' '*) verb=$word ;;
        (${commands
          .filter(({ verb }) => verb.includes(' '))
          .map(({ verb }) => `'${verb}'`)
          .join('|')}) verb="$verb $word" ;;
      esac ;;
    esac
  done
  case "$verb:$prev" in
${[...commands.flatMap(({ verb, options }) => options.map((one) => valueCase(`'${verb}':${one.flag}`, one))), ...everywhereWords().map((one) => valueCase(`*:${one.flag}`, one))].filter((line) => line !== '').join('\n')}
  esac
  case "$verb" in
${commands.map((one) => commandCase(one, commands)).join('\n')}
${[...families(commands)]
  .filter(([word]) => !commands.some(({ verb }) => verb === word))
  .map(([word, all]) => `    ('${word}') plain=(${seconds(all)}) ;;`)
  .join('\n')}
    (help) plain=('all:every command' ${firstWords(commands).map(described).join(' ')}) ;;
  esac
  if [[ $cur == -* ]]; then
    options+=(${everywhereWords()
      .map(({ flag, says }) => described([flag, says]))
      .join(' ')})
    _describe -o 'option' options
  elif ((files)); then
    _files
  elif ((\${#plain})); then
    _describe 'word' plain
  fi
}
if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then _upkeep "$@"; else (( $+functions[compdef] )) && compdef _upkeep upkeep mcp-upkeep; fi
`
}

function valueCase(pattern: string, { value }: OptionWord): string {
  if (value.is === 'none') return ''
  if (value.is === 'any') return `    (${pattern}) return ;;`
  if (value.is === 'file') return `    (${pattern}) _files; return ;;`
  return `    (${pattern}) values=(${value.of.map((one) => quoted(one)).join(' ')}); _describe 'value' values; return ;;`
}

function commandCase({ verb, options, plain }: CommandWords, commands: readonly CommandWords[]): string {
  const words =
    verb === '' ? firstWords(commands).map(described).join(' ') : seconds(families(commands).get(verb) ?? [])
  const own = plain.is === 'choice' ? plain.of.map(quoted).join(' ') : ''
  const flags = options.map(({ flag, says }) => described([flag, says])).join(' ')
  const all = [words, own].filter((part) => part !== '').join(' ')
  return `    ('${verb}') options=(${flags}) plain=(${all})${plain.is === 'file' ? ' files=1' : ''} ;;`
}

function seconds(all: readonly CommandWords[]): string {
  return all.map(({ verb, says }) => described([verb.split(' ')[1] ?? '', says])).join(' ')
}

/** A word and what it is, as zsh takes them. */
function described([word, says]: readonly [string, string]): string {
  return quoted(`${word}:${says.replaceAll(/[\\:]/g, '\\$&')}`)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
