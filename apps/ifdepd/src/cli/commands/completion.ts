import { daemonOptions, type OptionTable } from '../../config/daemon-options.ts';
import { type CommandSpec, commandNames, commandTable } from '../arguments/command-table.ts';

/** The shells that there is a script for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** What the value of an option is. */
const VALUES: Readonly<Record<string, string>> = {
  source: 'interface',
  destination: 'interface',
  config: 'file',
  pidfile: 'file',
  socket: 'file',
  require: 'all any',
  enforce: 'down always never',
  raise: 'always owned',
  'on-exit': 'leave restore up down',
  action: 'admin protodown',
  'early-loss': 'auto off',
  'kernel-failover': 'auto off',
  'log-format': 'text json',
  'log-target': 'auto stderr syslog journal',
  format: 'text mermaid dot',
  netns: 'netns',
};

/** Words after a command. */
const WORDS: Readonly<Record<string, string>> = {
  completion: SHELLS.join(' '),
  help: commandNames.join(' '),
  simulate: 'file',
  pause: 'group',
  resume: 'group',
  explain: 'group',
};

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

/** How a shell lists the values of a kind. */
const LISTS = {
  interface: 'ls /sys/class/net 2>/dev/null || ifconfig -l 2>/dev/null',
  netns: 'ls /run/netns 2>/dev/null',
  group: `ifdepd status --json 2>/dev/null | tr '{' '\\n' | sed -n 's/^"name":"\\([^"]*\\)","phase".*/\\1/p'`,
} as const;

function bash(): string {
  const cases = Object.entries(VALUES).map(([name, kind]) => {
    const short = shortOf(name);
    return `    --${name}${short === undefined ? '' : `|-${short}`}) ${bashReply(kind)}; return ;;`;
  });
  const commands = commandNames.map((name) => {
    const spec: CommandSpec = commandTable[name];
    const words = WORDS[name];
    const reply = words === undefined ? '' : `; [[ $cur == -* ]] || ${bashReply(words)}`;
    return `    ${name}) _ifdepd_words "${flags(spec.options)}"${reply} ;;`;
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

function bashReply(kind: string): string {
  switch (kind) {
    case 'interface':
      return `_ifdepd_list "$(${LISTS.interface})"`;
    case 'netns':
    case 'group':
      return `_ifdepd_words "$(${LISTS[kind]})"`;
    case 'file':
      return 'COMPREPLY=($(compgen -f -- "$cur"))';
    default:
      return `_ifdepd_words "${kind}"`;
  }
}

function shortOf(name: string): string | undefined {
  const table: OptionTable = { ...daemonOptions };
  return table[name]?.short;
}

function fish(): string {
  const lines = commandNames.flatMap((name) => {
    const spec: CommandSpec = commandTable[name];
    const seen = `-n '__fish_seen_subcommand_from ${name}'`;
    const words = WORDS[name];
    return [
      `complete -c ifdepd -n __fish_use_subcommand -f -a ${name} -d ${quoted(spec.summary)}`,
      ...Object.entries(spec.options).map(([option, settings]) => fishOption(option, settings, seen)),
      ...(words === undefined ? [] : [`complete -c ifdepd ${seen} ${fishValues(words)}`]),
    ];
  });
  const options = Object.entries(daemonOptions).map(([option, settings]) =>
    fishOption(option, settings, `-n 'not __fish_seen_subcommand_from ${commandNames.join(' ')}'`),
  );
  return `# fish completion of ifdepd(8): ifdepd completion fish | source
complete -c ifdepd -f
${[...options, ...lines].join('\n')}
`;
}

function fishOption(name: string, { type, short }: OptionTable[string], condition: string): string {
  const letter = short === undefined ? '' : ` -s ${short}`;
  const value = type === 'string' ? ` -x ${fishValues(VALUES[name] ?? '')}` : '';
  return `complete -c ifdepd ${condition} -l ${name}${letter}${value}`.trimEnd();
}

function fishValues(kind: string): string {
  switch (kind) {
    case '':
      return '';
    case 'file':
      return "-a '(__fish_complete_path)'";
    case 'interface':
    case 'netns':
    case 'group':
      // fish runs it through sh: the lists are written for that.
      return `-a ${quoted(`(sh -c ${quoted(LISTS[kind])})`)}`;
    default:
      return `-a ${quoted(kind)}`;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
