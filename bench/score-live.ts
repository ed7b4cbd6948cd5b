/**
 * `npm run score:live`: a few faults that come at once and always, made in the lab and diagnosed live; exit code as that
 * of `why5xx lab score`. Says so, and is content, where this machine cannot run a lab.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { GatewayName } from "../lab/faults/fault.ts";
import { missingOnThisMachine } from "../lab/machine/requirements.ts";

const quick: Readonly<Record<GatewayName, readonly string[]>> = {
  nginx: ["wrong-target-port-number", "rate-limit-503", "service-missing", "unrelated-crash-loop"],
  haproxy: ["app-emitted-5xx", "app-listens-on-loopback"],
};

const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

/** The worst exit code. */
let worst = 0;
for (const gateway of ["nginx", "haproxy"] as const) {
  const missing = missingOnThisMachine(["python3"], gateway);
  if (missing.length > 0) {
    process.stderr.write(`skipped: live runs behind ${gateway}, as the lab cannot run here:\n`);
    for (const line of missing) process.stderr.write(`  ${line}\n`);
    continue;
  }
  const args = [
    main,
    "lab",
    "score",
    "--parallel",
    "2",
    "--gateway",
    gateway,
    "--faults",
    quick[gateway].join(","),
  ];
  const score = (): number => spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 2;
  let status = score();
  // Real time on a machine that may have stalled: what is broken is so twice.
  if (status !== 0) {
    process.stderr.write(`\nexit code ${status}: the runs behind ${gateway} once more\n`);
    status = score();
  }
  worst = Math.max(worst, status);
}
process.exitCode = worst;
