import { spawn } from "node:child_process";
import { readlinkSync } from "node:fs";
import type { Command } from "./process.ts";

export interface ExecResult {
  /** 126 or 127 when the command could not be run. */
  readonly code: number;
  /** stdout and stderr together. */
  readonly output: string;
  readonly hasTimedOut: boolean;
}

/** A probe's output is cut here (kubernetes/kubernetes pkg/probe/exec/exec.go, maxReadLength). */
const outputLimitBytes = 10 * 1024;

/** Runs a command beside a container's first process, in all of its namespaces. */
export function execIn(
  pid: number,
  command: readonly string[],
  life: Command,
  timeoutMs: number,
): Promise<ExecResult> {
  const enter = ["--target", String(pid), ...spacesOf(pid), `--wd=${life.cwd}`, "--"];
  const child = spawn("nsenter", [...enter, ...command], {
    env: { ...life.env },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that what it started ends with it.
    detached: true,
  });
  return new Promise((resolve) => {
    let output = "";
    let hasTimedOut = false;
    const collect = (bytes: Buffer): void => {
      if (output.length < outputLimitBytes) output += bytes.toString();
    };
    const endGroup = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // All of it has ended.
      }
    };
    const timer = setTimeout(() => {
      hasTimedOut = true;
      endGroup();
    }, timeoutMs);
    const settle = (code: number): void => {
      clearTimeout(timer);
      resolve({ code, output: output.slice(0, outputLimitBytes), hasTimedOut });
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", () => settle(127));
    child.once("exit", (code) => {
      child.stdout.destroy();
      child.stderr.destroy();
      settle(code ?? 137);
    });
  });
}

const flags: Readonly<Record<string, readonly string[]>> = {
  net: ["--net"],
  mnt: ["--mount"],
  uts: ["--uts"],
  pid: ["--pid"],
  user: ["--user", "--preserve-credentials"],
};

const idOf = (process: string, space: string): string => {
  try {
    return readlinkSync(`/proc/${process}/ns/${space}`);
  } catch {
    return "";
  }
};

/** Flags for the namespaces that are not one's own: some of those may not be entered again. */
const spacesOf = (pid: number): string[] =>
  Object.entries(flags).flatMap(([space, flag]) =>
    idOf(String(pid), space) === idOf("self", space) ? [] : flag,
  );
