import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultOf } from "../../../lab/faults/all.ts";
import { seededRandom } from "../../../lab/faults/random.ts";
import { appObjects, shopOf, targetOf } from "../../../lab/faults/shop.ts";
import { missingForNginx } from "../../../lab/gateways/nginx/requirements.ts";
import { launchLab, type LaunchedLab } from "../../../lab/machine/launch.ts";
import { probeOf } from "../../../src/cli/probe/probe-of.ts";
import type { ProbeReport } from "../../../src/report/probe-report.ts";
import { silent } from "../../probe/scene.ts";
import { lacks } from "../../support/programs.ts";
import { needed } from "../network/inside.ts";

/** Faults that are there from the beginning, each with the seed of a shop of its own. */
const faults = {
  "app-listens-on-loopback": 1,
  "network-policy-blocks-ingress": 2,
  "backend-protocol-https-expected": 3,
  "wrong-target-port-number": 4,
} as const;

const planOf = (id: keyof typeof faults) => {
  const plan = faultOf(id)?.plan(seededRandom(faults[id]), "nginx");
  if (plan === undefined) throw new Error(`no fault ${id}`);
  return plan;
};

const failing = shopOf(seededRandom(5));
const missing = missingForNginx();
if (missing !== undefined) process.stderr.write(`skipped: probes of a lab, as ${missing}\n`);

describe.skipIf(missing !== undefined || lacks("probes of a lab", ...needed))(
  "in one lab with five faults, a probe names the layer of each",
  () => {
    let lab: LaunchedLab;
    beforeAll(async () => {
      const ids = Object.keys(faults) as (keyof typeof faults)[];
      const routes = JSON.stringify([{ path: failing.path, status: 503 }]);
      const objects = [
        ...ids.flatMap((id) => planOf(id).objects),
        ...appObjects(failing, "nginx", { env: { ROUTES: routes } }),
      ];
      lab = await launchLab({ gateway: "nginx" });
      await lab.ask("apply", { objects });
      await lab.ask("settle", { timeoutMs: 60_000 });
    });
    afterAll(() => lab.stop());

    const probe = (target: string): Promise<ProbeReport> => {
      const at = new URL(lab.url("gateway") ?? "").host;
      const values = { kubeconfig: lab.kubeconfigPath, "connect-to": at, "max-time": "30s" };
      return probeOf({ values, operands: [`http://${target}`], program: "why5xx" }, silent);
    };

    test.each<[keyof typeof faults, object, RegExp]>([
      [
        "app-listens-on-loopback",
        { from: "the gateway", to: "the pods" },
        /answers 502, and all \d pods answer the same request when asked directly/,
      ],
      [
        "network-policy-blocks-ingress",
        { from: "the gateway", to: "the pods", because: [expect.stringContaining("NetworkPolicy market/")] },
        /answers 504, and all \d pods answer/,
      ],
      [
        "backend-protocol-https-expected",
        { from: "the gateway", to: "the pods" },
        /speaks plain HTTP to the pods, and all \d pods answer over TLS alone/,
      ],
      [
        "wrong-target-port-number",
        { from: expect.stringMatching(/^Service store\//), to: "the pods" },
        /leads to port \d+, where nothing listens; all \d pods answer on port \d+/,
      ],
    ])("%s", async (id, layer, what) => {
      const { verdict, hops } = await probe(planOf(id).target);
      expect(verdict.layers).toMatchObject([layer]);
      expect(verdict.layers[0]?.what).toMatch(what);
      expect(hops.filter((hop) => hop.place === "gateway-pod").map((hop) => hop.state)).toEqual(["failed"]);
      expect(hops.find((hop) => hop.place === "gateway")?.origin?.who).toBe("gateway");
    });

    test("an application that answers 503", async () => {
      const { verdict, hops } = await probe(targetOf(failing));
      expect(verdict.layers).toMatchObject([{ from: "the pods", to: "the application" }]);
      expect(verdict.sentence).toContain("answers 503");
      expect(hops.find((hop) => hop.place === "gateway")?.origin?.who).toBe("application");
    });
  },
);
