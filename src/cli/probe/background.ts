import { resolveRoutes } from "../../derive/routes.ts";
import type { Route } from "../../derive/views.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import type { Connection } from "../../gather/cluster/connection.ts";
import { ClusterProblem } from "../../gather/cluster/problem.ts";
import type { Target } from "../../target/target.ts";
import { clusterOptions } from "../evidence-from.ts";
import type { FlagValues } from "../flags.ts";
import type { Progress } from "../progress.ts";
import { UsageProblem } from "../usage-problem.ts";

/** What the cluster knows of the URL, or why it was not asked. */
export interface Background {
  readonly evidence?: Evidence;
  readonly route?: Route;
  readonly connection?: Connection;
  readonly noInside?: string;
}

/**
 * `wanted` names one of several routes. A URL is probed without a cluster as well; what stands behind the gateway is then not known.
 * @throws UsageProblem, ClusterProblem when the target itself is an object of the cluster
 */
export async function backgroundOf(
  values: FlagValues,
  target: Target,
  progress: Progress,
  wanted?: string,
): Promise<Background> {
  const isUrl = target.kind === "url";
  if (values["no-cluster"] === true) {
    if (!isUrl)
      throw new UsageProblem("--no-cluster leaves only a URL to probe: give one, https://HOST/PATH.");
    return { noInside: "--no-cluster leaves it out" };
  }
  try {
    const { gatherCluster } = await import("../../gather/sources/cluster.ts");
    const options = { ...clusterOptions(values), withoutLogs: true };
    const evidence = await gatherCluster(options, target, progress.phase);
    const { routes, problem } = resolveRoutes(evidence, target);
    const named = routes.filter((r) => wanted === undefined || r.target === wanted);
    const route = named.find((r) => r.role === "primary") ?? named[0];
    if (route === undefined) {
      const why = problem?.message ?? "no route of the cluster serves it";
      if (!isUrl) throw new UsageProblem(why);
      return { noInside: `in ${evidence.source.name}, ${why}` };
    }
    const { connect } = await import("../../gather/cluster/connection.ts");
    return { evidence, route, connection: await connect(options) };
  } catch (error) {
    if (!(error instanceof ClusterProblem) || !isUrl) throw error;
    return { noInside: error.message.split("\n")[0] ?? "the cluster could not be read" };
  }
}
