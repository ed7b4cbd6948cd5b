import { expect, it } from "vitest";
import { faultOf } from "../../../lab/faults/all.ts";
import { seededRandom } from "../../../lab/faults/random.ts";
import { missingForNginx } from "../../../lab/gateways/nginx/requirements.ts";
import { launchLab } from "../../../lab/machine/launch.ts";
import { programsOf } from "../../../lab/run/programs-of.ts";
import type { LoadReport } from "../../../src/report/load-report.ts";
import { type Ran, runProgram } from "../../cli/run-program.ts";
import { lacks } from "../../support/programs.ts";
import { needed } from "../network/inside.ts";

function cannot(missing: string | undefined): boolean {
  if (missing !== undefined) process.stderr.write(`skipped: a load on the lab, as ${missing}\n`);
  return missing !== undefined || lacks("a load on the lab", ...needed);
}

/** A load during a rollout of the fault's application, which nobody else asks anything. */
async function loadDuringRollout(id: string): Promise<Ran> {
  const fault = faultOf(id)!;
  const { target, objects } = fault.plan(seededRandom(1), "nginx");
  const { metadata } = objects.find(({ kind }) => kind === "Deployment")!;
  const lab = await launchLab({ gateway: "nginx", seed: 1, fault: id, programs: programsOf(objects) });
  try {
    await lab.ask("apply", { objects });
    await lab.ask("settle", { timeoutMs: 30_000 });
    return await runProgram([
      "load",
      `http://${target}`,
      "--connect-to",
      (lab.url("gateway") ?? "").replace("http://", ""),
      "--kubeconfig",
      lab.kubeconfigPath,
      "--rps",
      "40",
      "--duration",
      "12s",
      "--during",
      `rollout restart deployment/${metadata?.name}`,
      "-o",
      "json",
    ]);
  } finally {
    await lab.stop();
  }
}

it.skipIf(cannot(missingForNginx()))(
  "a rollout that loses requests: each is found in the gateway's log and laid to the pod that went, the cause is named, and the pause that is needed",
  async () => {
    const ran = await loadDuringRollout("shutdown-no-prestop-race");
    const { verdict, counts, cluster, during } = JSON.parse(ran.stdout) as LoadReport;
    expect([ran.code, verdict, during?.state]).toEqual([1, "broken", "done"]);
    expect(counts.failed).toBeGreaterThan(0);
    const { attribution, causes, drain } = cluster!;
    expect(attribution).toMatchObject({ of: counts.failed, explained: counts.failed });
    expect(attribution.joined).toMatchObject({ id: counts.failed, not: 0 });
    expect(new Set(attribution.states.map(({ state, basis }) => `${state} by ${basis}`))).toEqual(
      new Set(["terminating by log"]),
    );
    expect(causes[0]).toMatchObject({
      cause: "shutdown-no-prestop-race",
      share: { explained: counts.failed, of: counts.failed },
    });
    expect(drain?.deletions).toBe(cluster?.podsDeleted);
    expect(drain?.preStopSeconds).toBeGreaterThan((drain?.gaps[0]?.gapMs ?? 0) / 1000);
    expect(drain?.hookSeconds).toBe(0);
  },
);
