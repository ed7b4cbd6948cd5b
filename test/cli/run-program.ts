import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
export const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** No cluster in reach and nothing of this machine. */
export const bareEnvironment = {
  LANG: "C.UTF-8",
  COLUMNS: "100",
  HOME: "/nonexistent",
  KUBECONFIG: "/nonexistent/kubeconfig",
} as const;

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly program?: string;
  readonly cwd?: string;
}

/** Runs the program from its sources (or another build of it) as a person would. */
export async function runProgram(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = spawn(process.execPath, [options.program ?? main, ...args], {
    cwd: options.cwd ?? root,
    env: { ...bareEnvironment, ...options.env },
  });
  child.stdin.end(options.input ?? "");
  const code = new Promise<number | null>((resolve) => void child.once("close", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr, code: await code };
}
