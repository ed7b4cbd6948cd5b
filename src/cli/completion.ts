import type { Call } from "./command.ts";
import { type CommandName, commandNames, commands, flagOf, flagsOf } from "./commands.ts";
import { type Flag, type FlagName, flags } from "./flags.ts";
import { writeOut } from "./output.ts";
import { UsageProblem } from "./usage-problem.ts";

export async function run({ operands }: Call): Promise<number> {
  const shell = operands[0] ?? "";
  const script = Object.hasOwn(scripts, shell) ? scripts[shell as keyof typeof scripts] : undefined;
  if (script === undefined) throw new UsageProblem(`no completion for "${shell}": bash, zsh or fish.`);
  await writeOut(script());
  return 0;
}

const scripts = { bash, zsh, fish };

const long = (names: readonly FlagName[]): string => names.map((name) => `--${name}`).join(" ");

const isFile = (name: FlagName): boolean => ["PATH", "FILE"].includes((flags[name] as Flag).value ?? "");

const fileFlags = (): FlagName[] => (Object.keys(flags) as FlagName[]).filter(isFile);

const cases = (): string =>
  commandNames.map((name: CommandName) => `    ${name}) words="${long(flagsOf(name))}" ;;`).join("\n");

const outputReply = (name: CommandName): string =>
  `COMPREPLY=($(compgen -W "${flagOf(name, "output").choices?.join(" ") ?? ""}" -- "$current"))`;

/** What -o may be after each command. */
function outputs(): string {
  return [
    ...commandNames
      .filter((name) => flagsOf(name).includes("output"))
      .map((name) => `      ${name}) ${outputReply(name)} ;;`),
    `      *) ${outputReply("diagnose")} ;;`,
  ].join("\n");
}

function bash(): string {
  return `_why5xx() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words
  case "$before" in
    ${fileFlags()
      .map((name) => `--${name}`)
      .join("|")}) COMPREPLY=($(compgen -f -- "$current")); return ;;
    --output|-o) case "\${COMP_WORDS[1]}" in
${outputs()}
    esac; return ;;
    explain) COMPREPLY=($(compgen -W "$(why5xx causes 2>/dev/null | awk 'NR>1{print $1}')" -- "$current")); return ;;
    completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$current")); return ;;
  esac
  case "\${COMP_WORDS[1]}" in
${cases()}
    *) words="${commandNames.join(" ")} ${long(flagsOf("diagnose"))}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _why5xx why5xx
`;
}

/** zsh runs bash's functions through its own compatibility layer. */
function zsh(): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bash()}`;
}

function fish(): string {
  const named = commandNames.map(
    (name) => `complete -c why5xx -n __fish_use_subcommand -a ${name} -d '${quoted(commands[name].summary)}'`,
  );
  const flagLines = commandNames.flatMap((command) =>
    flagsOf(command).map((name) => {
      const { short, value, choices, text } = flagOf(command, name);
      const when =
        command === "diagnose"
          ? "__fish_use_subcommand; or __fish_seen_subcommand_from diagnose"
          : `__fish_seen_subcommand_from ${command}`;
      const argument = value === undefined ? "" : isFile(name) ? " -r -F" : " -x";
      return `complete -c why5xx -n '${when}' -l ${name}${short === undefined ? "" : ` -s ${short}`}${argument}${choices === undefined ? "" : ` -a '${choices.join(" ")}'`} -d '${quoted(text)}'`;
    }),
  );
  const causes =
    "complete -c why5xx -n '__fish_seen_subcommand_from explain' -f -a \"(why5xx causes 2>/dev/null | awk 'NR>1{print \\$1}')\"";
  return `${[...named, ...flagLines, causes].join("\n")}\n`;
}

const quoted = (text: string): string => text.replaceAll("'", "\\'");
