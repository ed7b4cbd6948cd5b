import { version } from "../base/version.ts";
import type { Command } from "./command.ts";
import { commands, isCommand } from "./commands.ts";
import { failureText } from "./failure.ts";
import { warn, writeOut } from "./output.ts";
import { parse } from "./parse.ts";
import { UsageProblem } from "./usage-problem.ts";

/** Runs one command line and gives its exit code; every error ends here. */
export async function runCommandLine(args: readonly string[], program: string): Promise<number> {
  try {
    return await dispatch(args, program);
  } catch (error) {
    warn(failureText(error, program, args.includes("--debug")));
    return 2;
  }
}

async function dispatch(args: readonly string[], program: string): Promise<number> {
  if (args[0] === "help") return help(args[1], program);
  const { command, isNamed, values, operands } = parse(args);
  if (values.version) {
    await writeOut(`${version}\n`);
    return 0;
  }
  if (values.help) return help(isNamed ? command : undefined, program);
  const { run } = await (commands[command] as Command).load();
  return run({ values, operands, program });
}

async function help(name: string | undefined, program: string): Promise<number> {
  const { commandHelp, generalHelp } = await import("./help.ts");
  if (name !== undefined && !isCommand(name))
    throw new UsageProblem(`there is no command "${name}". See: ${program} --help`);
  await writeOut(name === undefined ? generalHelp(program) : commandHelp(name, program));
  return 0;
}
