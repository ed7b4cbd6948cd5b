import { spawnSync } from "node:child_process";

export interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/** Runs a command to its end and gives what the kernel counted for it, as time(1) tells it of its only child. */
export function measure(command: readonly string[]): Measured | { readonly failed: string } {
  const quiet = ["sh", "-c", 'exec "$@" </dev/null >/dev/null 2>&1', "sh", ...command];
  const startMs = performance.now();
  const { status, stderr } = spawnSync("/usr/bin/env", ["time", "-f", "%U %S %M", ...quiet], {
    encoding: "utf8",
  });
  const seconds = (performance.now() - startMs) / 1000;
  const numbers = /(\d+\.\d+) (\d+\.\d+) (\d+)\s*$/.exec(stderr);
  if (numbers === null) return { failed: `time(1) is needed: ${stderr.trim()}` };
  if (status === null || status > 1) return { failed: `exit code ${status}` };
  const [, user = "", system = "", peakKilobytes = ""] = numbers;
  return {
    seconds,
    cpuSeconds: Number(user) + Number(system),
    peakBytes: Number(peakKilobytes) * 1024,
  };
}
