import { spawnSync } from "node:child_process";

export interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/**
 * Runs a command to its end and gives what the kernel counted for it. `ru_maxrss` of all children together is the
 * largest so far, so each command runs under a small parent of its own.
 */
export function measure(command: readonly string[]): Measured | { readonly failed: string } {
  const parent = `
    const { spawnSync } = require("node:child_process");
    const started = process.hrtime.bigint();
    const { status, error } = spawnSync(${JSON.stringify(command[0])}, ${JSON.stringify(command.slice(1))}, { stdio: ["ignore", "ignore", "ignore"] });
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    console.log(JSON.stringify({ seconds, status, error: error?.message }));`;
  const timed = spawnSync("/usr/bin/env", ["time", "-f", "%U %S %M", process.execPath, "-e", parent], {
    encoding: "utf8",
  });
  const numbers = /(\d+\.\d+) (\d+\.\d+) (\d+)\s*$/.exec(timed.stderr);
  if (numbers === null) return { failed: `time(1) is needed: ${timed.stderr.trim()}` };
  const told = JSON.parse(timed.stdout) as { seconds: number; status: number | null; error?: string };
  if (told.status === null || told.status > 1) return { failed: told.error ?? `exit code ${told.status}` };
  const [, user = "", system = "", peakKilobytes = ""] = numbers;
  return {
    seconds: told.seconds,
    cpuSeconds: Number(user) + Number(system),
    peakBytes: Number(peakKilobytes) * 1024,
  };
}
