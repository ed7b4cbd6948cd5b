import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { ServedCluster } from "../../lab/api-server/serve.ts";

/** Kubectl programs to test with: the one on the path, and those named in WHY5XX_TEST_KUBECTLS (`:` between them). */
export const kubectls: readonly string[] = [
  "kubectl",
  ...(process.env["WHY5XX_TEST_KUBECTLS"] ?? "").split(":"),
].filter((program) => program !== "" && spawnSync(program, ["version", "--client"]).status === 0);

/** No kubectl touches the files of the person who runs the tests. */
const home = mkdtempSync(join(tmpdir(), "why5xx-kubectl-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs one kubectl command against a served cluster; words that hold spaces come as a list. */
export function run(
  program: string,
  cluster: ServedCluster,
  command: string | readonly string[],
  options: RunOptions = {},
): Promise<Run> {
  const env = {
    PATH: process.env["PATH"],
    HOME: home,
    KUBECONFIG: cluster.kubeconfigPath,
    TZ: "UTC",
    ...options.env,
  };
  const words = typeof command === "string" ? command.split(" ") : command;
  return new Promise((resolve) => {
    const child = execFile(program, words, { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code ?? 1);
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end(options.stdin ?? "");
  });
}

/** A table as rows of cells; two spaces part the cells. */
export const rowsOf = (stdout: string): string[][] =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.trim().split(/ {2,}/));
