import type { Command } from "commander";
import { UserError } from "../../facts/errors";

/** A script that completes verbs and options, made from the commands themselves. */
export function completion(program: Command, shell: string): string {
  const visible = program.createHelp().visibleCommands(program);
  const commands = visible.map((command) => ({
    name: command.name(),
    summary: command.summary() || command.description(),
    options: command.options
      .filter(({ hidden }) => !hidden)
      .map((option) => ({ flag: option.long ?? option.short ?? "", description: option.description })),
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
  options: { flag: string; description: string }[];
}

/* biome-ignore-start lint/suspicious/noTemplateCurlyInString: they are bash's, not this file's */
function bash(commands: Described[]): string {
  const cases = commands.map(({ name, options }) => `    ${name}) words="${options.map(({ flag }) => flag).join(" ")}" ;;`);
  return [
    "_berth() {",
    `  local words="${commands.map(({ name }) => name).join(" ")}"`,
    '  if [ "$COMP_CWORD" -gt 1 ]; then case "${COMP_WORDS[1]}" in',
    ...cases,
    "  esac; fi",
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    "}",
    "complete -F _berth berth",
    "",
  ].join("\n");
}

/* biome-ignore-end lint/suspicious/noTemplateCurlyInString: the rest has none */
function fish(commands: Described[]): string {
  const text = (value: string) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  return commands
    .flatMap(({ name, summary, options }) => [
      `complete -c berth -f -n __fish_use_subcommand -a ${name} -d ${text(summary)}`,
      ...options.map(
        ({ flag, description }) =>
          `complete -c berth -n '__fish_seen_subcommand_from ${name}' -l ${flag.replace(/^--/, "")} -d ${text(description)}`,
      ),
    ])
    .concat("")
    .join("\n");
}
