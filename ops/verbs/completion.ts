import type { Command } from "commander";
import { UserError } from "../../facts/errors";

/** A script that completes verbs, options and names of stacks after `berth` and `npx berth`, made from the commands themselves. */
export function completion(program: Command, shell: string): string {
  const visible = program.createHelp().visibleCommands(program);
  const commands = visible.map((command) => ({
    name: command.name(),
    summary: command.summary() || command.description(),
    words: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    options: command.options
      .filter(({ hidden }) => !hidden)
      .map(({ long = "", short, description }) => ({ flag: long, short, description })),
  }));
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
    case "fish":
      return fish(commands);
    default:
      throw new UserError(`"${shell}" is not a supported shell; allowed: bash, zsh, fish.`);
  }
}

interface Described {
  name: string;
  summary: string;
  /** What may follow it, where that is one of a few words. */
  words: string[];
  options: { flag: string; short: string | undefined; description: string }[];
}

/** What takes the name of a stack. */
const STACK_OPTIONS = ["-s", "--stack", "--against-stack"];

/* biome-ignore-start lint/suspicious/noTemplateCurlyInString: they are the shells', not this file's */

/** The names in the stack files of the project that the shell is in. */
const BASH_STACKS = [
  "_berth_stacks() {",
  "  local dir=$PWD file",
  '  while [ -n "$dir" ] && [ ! -e "$dir/Pulumi.yaml" ]; do dir=${dir%/*}; done',
  '  for file in "$dir"/Pulumi.*.yaml; do',
  '    if [ -e "$file" ]; then file=${file##*/Pulumi.}; echo "${file%.yaml}"; fi',
  "  done",
  "}",
];

function bash(commands: Described[]): string {
  const cases = commands.map(
    ({ name, words, options }) => `    ${name}) words="${[...words, ...options.map(({ flag }) => flag)].join(" ")}" ;;`,
  );
  return [
    ...BASH_STACKS,
    "_berth() {",
    `  local verb=1 words="${commands.map(({ name }) => name).join(" ")}"`,
    // `npx berth plan`: one word further on. Other words after npx are the shell's to complete.
    '  if [ "${COMP_WORDS[0]##*/}" = npx ]; then',
    "    verb=2",
    '    if [ "$COMP_CWORD" = 1 ]; then words=berth; elif [ "${COMP_WORDS[1]}" != berth ]; then return; fi',
    "  fi",
    '  if [ "$COMP_CWORD" -gt "$verb" ]; then case "${COMP_WORDS[verb]}" in',
    ...cases,
    "  esac; fi",
    `  case "\${COMP_WORDS[COMP_CWORD-1]}" in ${STACK_OPTIONS.join("|")}) words=$(_berth_stacks) ;; esac`,
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    "}",
    "complete -F _berth berth",
    "complete -o default -F _berth npx",
    "",
  ].join("\n");
}

const FISH_STACKS = [
  "function __berth_stacks",
  "  set -l dir $PWD",
  `  while test -n "$dir"; and not test -e "$dir/Pulumi.yaml"; set dir (string replace -r '/[^/]*$' '' $dir); end`,
  "  for file in $dir/Pulumi.*.yaml; string replace -r '.*/Pulumi\\.(.*)\\.yaml' '$1' $file; end",
  "end",
];
/* biome-ignore-end lint/suspicious/noTemplateCurlyInString: the rest has none */

function fish(commands: Described[]): string {
  const text = (value: string) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const names = commands.map(({ name }) => name).join(" ");
  const completed = (program: string, condition: string) =>
    commands.flatMap(({ name, summary, words, options }) => [
      `complete -c ${program} -f -n '${condition}not __fish_seen_subcommand_from ${names}' -a ${name} -d ${text(summary)}`,
      ...(words.length > 0
        ? [`complete -c ${program} -f -n '${condition}__fish_seen_subcommand_from ${name}' -a '${words.join(" ")}'`]
        : []),
      ...options.map(({ flag, short, description }) => {
        const letter = short === undefined ? "" : ` -s ${short.replace("-", "")}`;
        const stacks = STACK_OPTIONS.includes(flag) ? " -x -a '(__berth_stacks)'" : "";
        return `complete -c ${program} -n '${condition}__fish_seen_subcommand_from ${name}' -l ${flag.replace(/^--/, "")}${letter}${stacks} -d ${text(description)}`;
      }),
    ]);
  return [
    ...FISH_STACKS,
    ...completed("berth", ""),
    "complete -c npx -n 'test (count (commandline -opc)) = 1' -a berth",
    ...completed("npx", "__fish_seen_subcommand_from berth; and "),
    "",
  ].join("\n");
}
