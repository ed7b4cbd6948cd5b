import type { PodContext } from "./pod-context.ts";
import { waited } from "./wait.ts";

/** First and longest wait between two tries (pkg/util/goroutinemap/exponentialbackoff). */
const firstWaitMs = 500;
const longestWaitMs = 122_000;

/**
 * A pod whose volumes name what does not exist stays in ContainerCreating, with FailedMount events. Tells whether
 * all are there; false when the pod ends before. What volumes hold is not put into files.
 */
export async function mountVolumes(context: PodContext): Promise<boolean> {
  for (let waitMs = firstWaitMs; !context.ending.aborted; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    const problem = volumeProblem(context);
    if (problem === undefined) return true;
    context.event({ type: "Warning", reason: "FailedMount", message: problem });
    if (!(await waited(waitMs, context.ending))) return false;
  }
  return false;
}

function volumeProblem({ pod, machine }: PodContext): string | undefined {
  const namespace = pod().metadata?.namespace ?? "default";
  for (const { name, configMap, secret } of pod().spec?.volumes ?? []) {
    const wanted = configMap?.name ?? secret?.secretName;
    if (wanted === undefined || (configMap ?? secret)?.optional === true) continue;
    const resource = configMap === undefined ? "secrets" : "configmaps";
    if (machine.store.get(resource, wanted, namespace) === undefined)
      return `MountVolume.SetUp failed for volume "${name}" : ${resource.slice(0, -1)} "${wanted}" not found`;
  }
  return undefined;
}
