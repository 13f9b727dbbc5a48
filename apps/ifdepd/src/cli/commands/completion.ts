import { daemonOptions, type Offer, type Option, type OptionTable } from '../../config/daemon-options.ts';
import { ExitCode, UsageError } from '../../system/errors.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import {
  type CommandSpec,
  commandNames,
  commandTable,
  optionsOf,
  SHELLS,
} from '../arguments/command-table.ts';

/** A kind of values that a shell looks up, or fixed values. */
type Offered = Offer | readonly string[];

/** The options of all commands, by name: an option has the same values in each. */
const allOptions: OptionTable = Object.assign({}, ...commandNames.map(optionsOf), daemonOptions);

function offered({ words, offer }: Option): Offered | undefined {
  return words ?? offer;
}

/** The arguments after a command. */
function offeredAfter(name: (typeof commandNames)[number]): Offered | undefined {
  const { offer }: CommandSpec = commandTable[name];
  return name === 'help' ? commandNames : offer;
}

/** `ifdepd completion SHELL` */
export function completionCommand({ positionals }: CommandWords<'completion'>): number {
  const shell = SHELLS.find((one) => one === positionals[0]);
  if (shell === undefined) {
    throw new UsageError(`'completion' needs the name of a shell: ${SHELLS.join(', ')}`);
  }
  process.stdout.write(completionScript(shell));
  return ExitCode.ok;
}

/** A script that makes a shell complete the command line of ifdepd. */
export function completionScript(shell: (typeof SHELLS)[number]): string {
  switch (shell) {
    case 'bash':
      return bash();
    case 'zsh':
      return `#compdef ifdepd\nautoload -U +X bashcompinit && bashcompinit\n${bash()}`;
    case 'fish':
      return fish();
  }
}

function flags(options: OptionTable): string {
  return Object.entries(options)
    .flatMap(([name, { short }]) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])])
    .join(' ');
}

/** The list of values in the syntax of a shell. */
const LISTS: Readonly<Record<Exclude<Offer, 'file'>, string>> = {
  interface: 'ls /sys/class/net 2>/dev/null || ifconfig -l 2>/dev/null',
  netns: 'ls /run/netns 2>/dev/null',
  group: `ifdepd status --json 2>/dev/null | tr '{' '\\n' | sed -n 's/^"name":"\\([^"]*\\)","phase".*/\\1/p'`,
} as const;

function bash(): string {
  const cases = Object.entries(allOptions).flatMap(([name, option]) => {
    const offer = offered(option);
    const short = option.short === undefined ? '' : `|-${option.short}`;
    return offer === undefined ? [] : [`    --${name}${short}) ${bashReply(offer)}; return ;;`];
  });
  const commands = commandNames.map((name) => {
    const words = offeredAfter(name);
    const reply = words === undefined ? '' : `; [[ $cur == -* ]] || ${bashReply(words)}`;
    return `    ${name}) _ifdepd_words "${flags(optionsOf(name))}"${reply} ;;`;
  });
  return `# bash completion of ifdepd(8): source <(ifdepd completion bash)
_ifdepd_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }
# The last of a list with ':' or ',' between names.
_ifdepd_list() {
  local head=""
  [[ $cur == *[:,]* ]] && head="\${cur%[:,]*}\${cur:$((\${#cur} - \${#cur##*[:,]} - 1)):1}"
  COMPREPLY=($(compgen -P "$head" -W "$1" -- "\${cur##*[:,]}"))
  # Readline takes ':' for the end of a word.
  if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
    local i before="\${cur%"\${cur##*:}"}"
    for i in "\${!COMPREPLY[@]}"; do COMPREPLY[i]="\${COMPREPLY[i]#"$before"}"; done
  fi
}
_ifdepd() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" command="" word
  if [[ $COMP_WORDBREAKS == *:* ]]; then
    # Put together again what readline took apart at ':'.
    local i=$COMP_CWORD
    while ((i > 1)) && [[ $cur == :* || \${COMP_WORDS[i-1]} == : ]]; do
      cur="\${COMP_WORDS[i-1]}$cur"; i=$((i - 1)); prev="\${COMP_WORDS[i-1]}"
    done
  fi
  COMPREPLY=()
  case "$prev" in
${cases.join('\n')}
  esac
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    case "$word" in ${commandNames.join('|')}) command=$word; break ;; esac
  done
  case "$command" in
${commands.join('\n')}
    *) if [[ $cur == -* ]]; then _ifdepd_words "${flags(daemonOptions)}"; elif ((COMP_CWORD == 1)); then _ifdepd_words "${commandNames.join(' ')}"; fi ;;
  esac
}
complete -F _ifdepd ifdepd
`;
}

function bashReply(offer: Offered): string {
  switch (offer) {
    case 'interface':
      return `_ifdepd_list "$(${LISTS.interface})"`;
    case 'netns':
    case 'group':
      return `_ifdepd_words "$(${LISTS[offer]})"`;
    case 'file':
      return 'COMPREPLY=($(compgen -f -- "$cur"))';
    default:
      return `_ifdepd_words "${offer.join(' ')}"`;
  }
}

function fish(): string {
  const lines = commandNames.flatMap((name) => {
    const seen = `-n '__fish_seen_subcommand_from ${name}'`;
    const words = offeredAfter(name);
    const { summary } = commandTable[name];
    return [
      `complete -c ifdepd -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
      ...Object.entries<Option>(optionsOf(name)).map(([option, settings]) =>
        fishOption(option, settings, seen),
      ),
      ...(words === undefined ? [] : [`complete -c ifdepd ${seen} ${fishValues(words)}`]),
    ];
  });
  const options = Object.entries<Option>(daemonOptions).map(([option, settings]) =>
    fishOption(option, settings, `-n 'not __fish_seen_subcommand_from ${commandNames.join(' ')}'`),
  );
  return `# fish completion of ifdepd(8): ifdepd completion fish | source
complete -c ifdepd -f
${[...options, ...lines].join('\n')}
`;
}

function fishOption(name: string, option: Option, condition: string): string {
  const letter = option.short === undefined ? '' : ` -s ${option.short}`;
  const offer = offered(option);
  const value = option.value === undefined ? '' : ` -x ${offer === undefined ? '' : fishValues(offer)}`;
  return `complete -c ifdepd ${condition} -l ${name}${letter}${value}`.trimEnd();
}

function fishValues(offer: Offered): string {
  switch (offer) {
    case 'file':
      return "-a '(__fish_complete_path)'";
    case 'interface':
    case 'netns':
    case 'group':
      // fish runs it through sh: the lists are written for that.
      return `-a ${quoted(`(sh -c ${quoted(LISTS[offer])})`)}`;
    default:
      return `-a ${quoted(offer.join(' '))}`;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
