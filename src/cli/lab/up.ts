import { join } from "node:path";
import type { Fault, GatewayName } from "../../../lab/faults/fault.ts";
import { seededRandom } from "../../../lab/faults/random.ts";
import { appObjects, shopOf, targetOf } from "../../../lab/faults/shop.ts";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import { launchLab, type LaunchedLab } from "../../../lab/machine/launch.ts";
import { labScrapeConfig, type Prometheus, startPrometheus } from "../../../lab/metrics/start-prometheus.ts";
import { programsOf } from "../../../lab/run/programs-of.ts";
import type { Call } from "../command.ts";
import { writeOut } from "../output.ts";
import { namedFault, wholeNumber } from "./asked.ts";
import { tellProgress } from "./tell-progress.ts";
import { writeKeeper } from "./up-file.ts";

/** Keeps a lab running until it is told to stop: with a fault and its traffic, or with an application that is well. */
export async function up({ values, operands }: Call): Promise<number> {
  const seed = wholeNumber(values, "seed", 1);
  const fault = operands[0] === undefined ? undefined : namedFault(operands[0]);
  const gateway = (values.gateway ?? fault?.gateways[0] ?? "nginx") as GatewayName;
  const { target, objects } = sceneOf(fault, seed, gateway);
  const tell = tellProgress();
  tell(`starting a lab with ${gateway} (seed ${seed})`);
  const lab = await launchLab({
    gateway,
    seed,
    programs: programsOf(objects),
    takeSignals: true,
    onNotice: tell,
    ...(fault === undefined ? {} : { fault: fault.id }),
  });
  let prometheus: Prometheus | undefined;
  try {
    writeKeeper(lab.folder);
    if (values.metrics === true) {
      tell("starting Prometheus");
      prometheus = await startPrometheus(labScrapeConfig(lab.url("metrics") ?? ""), {
        folder: join(lab.folder, "prometheus"),
      });
    }
    await lab.ask("apply", { objects });
    tell("waiting until the cluster has settled");
    await lab.ask("settle", { timeoutMs: 30_000 });
    if (fault !== undefined) await lab.ask("traffic", { withSteps: true, seed });
    await writeOut(upText(lab, target, prometheus?.url));
    await lab.closed;
    return 0;
  } catch (error) {
    await lab.stop().catch(() => {});
    throw error;
  } finally {
    await prometheus?.stop();
  }
}

function sceneOf(
  fault: Fault | undefined,
  seed: number,
  gateway: GatewayName,
): { readonly target: string; readonly objects: readonly KubeObject[] } {
  if (fault !== undefined) return fault.plan(seededRandom(seed), gateway);
  const shop = shopOf(seededRandom(seed));
  return { target: targetOf(shop), objects: appObjects(shop, gateway) };
}

function upText(lab: LaunchedLab, target: string, prometheusUrl: string | undefined): string {
  const [host = "", ...path] = target.split("/");
  const lines = [
    `The lab is up. In another terminal:`,
    "",
    `  export KUBECONFIG=${lab.kubeconfigPath}`,
    "  kubectl get pods -A",
    `  curl -i -H 'Host: ${host}' ${lab.url("gateway") ?? ""}/${path.join("/")}`,
    `  why5xx ${target}${prometheusUrl === undefined ? "" : ` --prometheus ${prometheusUrl}`}`,
    "",
    "Ctrl-C here, or why5xx lab down there, ends it.",
  ];
  return `${lines.join("\n")}\n`;
}
