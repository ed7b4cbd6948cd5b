import type { Container } from "kubernetes-types/core/v1";
import { accessSync, constants } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Program } from "../../images/program.ts";
import { expanded } from "./environment.ts";
import type { Command } from "./process.ts";

const defaultPath = `${process.env["PATH"] ?? ""}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;

/** `command` takes the place of the image's program and its arguments, `args` follows either. */
export function commandOf(
  container: Container,
  program: Program,
  env: Readonly<Record<string, string>>,
  folder: string,
): Command {
  const own = (container.command ?? []).map((part) => expanded(part, env));
  const args = (container.args ?? []).map((part) => expanded(part, env));
  const [file, ...before] = own.length > 0 ? own : [program.file, ...program.args];
  return {
    file: file ?? program.file,
    args: [...before, ...args],
    env: { PATH: defaultPath, HOME: folder, TMPDIR: folder, ...program.env, ...env },
    cwd: container.workingDir ?? folder,
  };
}

/** Why the runtime could not start it, in runc's words; undefined when it can. */
export function startProblem(command: Command): string | undefined {
  const folders = (command.env["PATH"] ?? defaultPath).split(":");
  const isPath = command.file.includes("/");
  const places = isPath ? [command.file] : folders.map((folder) => join(folder, command.file));
  if (places.some((place) => isExecutable(isAbsolute(place) ? place : join(command.cwd, place))))
    return undefined;
  const what = isPath
    ? `stat ${command.file}: no such file or directory`
    : "executable file not found in $PATH";
  return (
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: " +
    `unable to start container process: exec: "${command.file}": ${what}: unknown`
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
