import { parseArgs } from "node:util";
import { nearestNames } from "../derive/near-names.ts";
import type { Command } from "./command.ts";
import { type CommandName, commandNames, commands, flagOf, flagsOf, isCommand } from "./commands.ts";
import { type Flag, type FlagName, flagNames, flags, type FlagValues } from "./flags.ts";
import { UsageProblem } from "./usage-problem.ts";

export interface Parsed {
  readonly command: CommandName;
  /** The command's name was typed, not assumed. */
  readonly isNamed: boolean;
  readonly values: FlagValues;
  readonly operands: readonly string[];
}

/** Reads the command line. Throws UsageProblem with the nearest thing that would have been accepted. */
export function parse(args: readonly string[]): Parsed {
  const { tokens } = parseArgs({ args: [...args], options: nodeOptions(), strict: false, tokens: true });
  const words = tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : []));
  const [first, ...rest] = words;
  const isNamed = first !== undefined && isCommand(first);
  const command = isNamed ? first : "diagnose";
  const values: Record<string, string | true | string[]> = {};
  for (const token of tokens) if (token.kind === "option") addOption(values, token, command);
  const operands = isNamed ? rest : words;
  if (!isNamed) checkWord(first);
  if (values["help"] !== true) {
    checkFlags(command, Object.keys(values) as FlagName[]);
    checkOperands(command, operands);
  }
  return { command, isNamed, values: values as FlagValues, operands };
}

const nodeOptions = (): Record<string, { type: "string" | "boolean"; short?: string }> =>
  Object.fromEntries(
    flagNames.map((name) => {
      const { short, value }: Flag = flags[name];
      return [
        name,
        { type: value === undefined ? "boolean" : "string", ...(short === undefined ? {} : { short }) },
      ];
    }),
  );

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function addOption(
  values: Record<string, string | true | string[]>,
  token: OptionToken,
  command: CommandName,
): void {
  const { name, rawName, value, inlineValue } = token;
  if (!Object.hasOwn(flags, name)) throw unknownFlag(rawName);
  const flag = flagOf(command, name as FlagName);
  if (flag.value === undefined) {
    if (inlineValue === true) throw new UsageProblem(`${rawName} takes no value.`);
    values[name] = true;
    return;
  }
  // "--from --verbose" is a forgotten path; a lone "-" is standard input.
  if (value === undefined || value === "" || (inlineValue !== true && /^-./.test(value)))
    throw new UsageProblem(`${rawName} needs a value: ${rawName} ${flag.value}.`);
  if (flag.choices !== undefined && !flag.choices.includes(value)) {
    throw new UsageProblem(`${rawName} ${value}: choose one of ${flag.choices.join(", ")}.`);
  }
  if (flag.isList) values[name] = [...((values[name] as string[] | undefined) ?? []), value];
  else values[name] = value;
}

function unknownFlag(rawName: string): UsageProblem {
  const near = nearestNames(rawName.replace(/^-+/, ""), flagNames).map((name) => `--${name}`);
  return new UsageProblem(`there is no flag ${rawName}.${didYouMean(near)}`);
}

/** A bare word near a command's name is a slip of it; any other may be a host. */
function checkWord(word: string | undefined): void {
  if (word === undefined || /[./:]/.test(word)) return;
  const near = nearestNames(word, [...commandNames, "help"]);
  if (near.length > 0) throw new UsageProblem(`"${word}" is not a command.${didYouMean(near)}`);
}

function checkFlags(command: CommandName, given: readonly FlagName[]): void {
  const accepted = flagsOf(command);
  const wrong = given.find((name) => !accepted.includes(name));
  if (wrong !== undefined)
    throw new UsageProblem(`${command} has no flag --${wrong}. See: ${command} --help`);
}

function checkOperands(command: CommandName, operands: readonly string[]): void {
  const { mostOperands, missing, operands: usage }: Command = commands[command];
  if (operands.length === 0 && missing !== undefined) throw new UsageProblem(missing);
  if (operands.length > mostOperands) {
    throw new UsageProblem(
      `${command} takes ${usage === "" ? "no operand" : usage}; "${operands[mostOperands]}" is one too many.`,
    );
  }
}

const didYouMean = (near: readonly string[]): string =>
  near.length === 0 ? " See: --help" : ` Did you mean ${near.join(", ")}?`;
