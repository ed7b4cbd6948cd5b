import { describe, expect, test } from "vitest";
import { missingForNginx } from "../../../lab/gateways/nginx/requirements.ts";
import { needed } from "../../lab/network/inside.ts";
import { lacks } from "../../support/programs.ts";
import { runProgram } from "../run-program.ts";

const missing = missingForNginx();
if (missing !== undefined) process.stderr.write(`skipped: faults that are fixed, as ${missing}\n`);

const labFix = async (...args: string[]): Promise<Record<string, unknown>> => {
  const env = { PATH: process.env["PATH"] ?? "" };
  const { stdout } = await runProgram(["lab", "fix", ...args, "-o", "json"], { env });
  return JSON.parse(stdout) as Record<string, unknown>;
};

describe.skipIf(missing !== undefined || lacks("faults that are fixed", ...needed))("lab fix", () => {
  test(
    "a fault behind nginx goes on after a restart of the pods, is mended by fix --apply, and verify knows both",
    { timeout: 150_000 },
    async () => {
      const told = await labFix("wrong-target-port-number", "--wrong");
      expect(told).toMatchObject({ fixed: 1, rightlyNotFixed: 1, takenIn: 0, broken: [] });
      expect(told["runs"]).toMatchObject([
        {
          wrong: { title: "restart the pods", verify: { verdict: "not-fixed" } },
          after: { failed: 0 },
          verify: { verdict: "fixed" },
        },
      ]);
    },
  );
});
