#!/usr/bin/env node
import { basename } from "node:path";
import { enableCompileCache } from "node:module";
import { version } from "../base/version.ts";

const args = process.argv.slice(2);

// A reader that left (`why5xx | head`) is told by an event as well as by the failed write.
process.stdout.on("error", ignoreBrokenPipe);
process.stderr.on("error", ignoreBrokenPipe);

// SIGINT is left to its default, which ends the process at once, even in the middle of a long scan,
// and which a shell reports as 130.

if (args[0] === "--version" && args.length === 1) {
  process.stdout.write(`${version}\n`);
} else {
  enableCompileCache();
  const { runCommandLine } = await import("./run.ts");
  process.exitCode = await runCommandLine(args, programName());
  // Sockets kept alive for a next request would hold the process back; standard output is written by now.
  process.exit();
}

/** As kubectl runs it: `kubectl why5xx` starts a file named kubectl-why5xx. */
function programName(): string {
  return basename(process.argv[1] ?? "").startsWith("kubectl-") ? "kubectl why5xx" : "why5xx";
}

function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
