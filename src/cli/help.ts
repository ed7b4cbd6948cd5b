import { wrapped } from "../base/text.ts";
import type { Command } from "./command.ts";
import { type CommandName, commandNames, commands, flagsOf } from "./commands.ts";
import { exitCodeText } from "./exit-code.ts";
import { commonFlags, type FlagName, flags, flagText } from "./flags.ts";

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
    ...flagLines("Flags of diagnose:", commands.diagnose.flags),
    "",
    ...flagLines("Flags of every command:", [...commonFlags, "version"]),
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
    ...flagLines("Flags:", flagsOf(name)),
    "",
    ...exampleLines(name, program),
    ...(name === "diagnose" ? ["", ...exitLines()] : []),
  ]);
}

const usageOf = (name: CommandName): string =>
  [name, commands[name].operands].filter((word) => word !== "").join(" ");

function flagLines(title: string, names: readonly FlagName[]): string[] {
  const nameWidth = Math.max(...names.map((name) => flagText(name).length));
  return [title, ...names.flatMap((name) => hanging(flagText(name), flags[name].text, nameWidth))];
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
