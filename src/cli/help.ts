import { wrapped } from "../base/text.ts";
import type { Command } from "./command.ts";
import { type CommandName, commandNames, commands, flagOf, flagsOf } from "./commands.ts";
import { exitCodeText } from "./exit-code.ts";
import { commonFlags, type FlagName, flagText } from "./flags.ts";

const width = 88;

/** What `--help` prints without a command. */
export function generalHelp(program: string): string {
  const nameWidth = Math.max(...commandNames.map((name) => usageOf(name).length));
  return page([
    "Why did this request get a 502, 503 or 504? Names the cause, with proof.",
    "",
    `  ${program} [diagnose] [TARGET] [flags]`,
    `  ${program} COMMAND --help`,
    "",
    "Commands:",
    ...commandNames.flatMap((name) => hanging(usageOf(name), commands[name].summary, nameWidth)),
    "",
    ...flagLines("Flags of diagnose:", "diagnose", commands.diagnose.flags),
    "",
    ...flagLines("Flags of every command:", "diagnose", [...commonFlags, "version"]),
    "",
    ...exampleLines("diagnose", program),
    "",
    ...exitLines(),
  ]);
}

/** What `COMMAND --help` prints. */
export function commandHelp(name: CommandName, program: string): string {
  const command: Command = commands[name];
  return page([
    ...wrapped(command.summary, width),
    "",
    `  ${[program, usageOf(name)].join(" ")} [flags]`,
    ...command.text.flatMap((paragraph) => ["", ...wrapped(paragraph, width)]),
    "",
    ...flagLines("Flags:", name, flagsOf(name)),
    "",
    ...exampleLines(name, program),
    ...(name === "diagnose" ? ["", ...exitLines()] : []),
  ]);
}

const usageOf = (name: CommandName): string =>
  [name, commands[name].operands].filter((word) => word !== "").join(" ");

function flagLines(title: string, command: CommandName, names: readonly FlagName[]): string[] {
  const rows = names.map((name) => {
    const flag = flagOf(command, name);
    return { name: flagText(name, flag), text: flag.text };
  });
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  return [title, ...rows.flatMap(({ name, text }) => hanging(name, text, nameWidth))];
}

function exampleLines(name: CommandName, program: string): string[] {
  const { examples }: Command = commands[name];
  return [
    examples.length === 1 ? "Example:" : "Examples:",
    ...examples.flatMap(({ text, command }) => [`  # ${text}`, `  ${program} ${command}`]),
  ];
}

const exitLines = (): string[] => [
  "Exit code:",
  ...Object.entries(exitCodeText).map(([code, text]) => `  ${code}  ${text}`),
];

/** A name in the left column, its text wrapped in the right one. */
function hanging(name: string, text: string, nameWidth: number): string[] {
  const indent = " ".repeat(nameWidth + 4);
  return wrapped(text, width - indent.length).map(
    (line, i) => (i === 0 ? `  ${name.padEnd(nameWidth)}  ` : indent) + line,
  );
}

const page = (lines: readonly string[]): string => `${lines.join("\n")}\n`;
