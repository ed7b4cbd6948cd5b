import { spawn } from "node:child_process";

/**
 * Runs a program to its end with `input` on its stdin and returns what it printed.
 * @throws Error with what it said on stderr when it does not end with 0
 */
function run(file: string, args: readonly string[], input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"] });
    let printed = "";
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve(printed) : reject(new Error(`${[file, ...args].join(" ")}: ${said.trim()}`)),
    );
    // A program that ends before it has read its input is judged by its exit code.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** Lines for `ip -batch`, run in order; the first that fails ends it. No `pid`: in the lab's root namespace. */
export async function ip(lines: readonly string[], pid?: number): Promise<void> {
  if (lines.length === 0) return;
  const batch = ["ip", "-batch", "-"];
  const [file = "", ...args] = pid === undefined ? batch : ["nsenter", "-t", String(pid), "-n", ...batch];
  await run(file, args, `${lines.join("\n")}\n`);
}
