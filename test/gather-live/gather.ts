import { type ServeOptions, serveCluster } from "../../lab/api-server/serve.ts";
import type { LoggedRequest } from "../../lab/api-server/request-log.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import type { ClusterOptions } from "../../src/gather/cluster/options.ts";
import { ClusterProblem } from "../../src/gather/cluster/problem.ts";
import { gatherCluster } from "../../src/gather/sources/cluster.ts";
import { parseTarget } from "../../src/target/target.ts";

export interface Gathered {
  readonly evidence: Evidence | undefined;
  readonly problem: ClusterProblem | undefined;
  readonly requests: readonly LoggedRequest[];
  readonly ms: number;
  readonly progress: readonly string[];
}

/** Serves a cluster, gathers from it, stops it. Only a ClusterProblem is caught: anything else is a bug. */
export async function gatherFrom(
  cluster: Evidence,
  target: string,
  { serve = {}, options = {} }: { serve?: ServeOptions; options?: ClusterOptions } = {},
): Promise<Gathered> {
  const served = await serveCluster(cluster, serve);
  const startMs = performance.now();
  const progress: string[] = [];
  const asked = parseTarget(target, options.namespace);
  try {
    const evidence = await gatherCluster({ kubeconfig: served.kubeconfigPath, ...options }, asked, (m) =>
      progress.push(m),
    );
    return {
      evidence,
      problem: undefined,
      requests: served.requests,
      ms: performance.now() - startMs,
      progress,
    };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    return {
      evidence: undefined,
      problem: error,
      requests: served.requests,
      ms: performance.now() - startMs,
      progress,
    };
  } finally {
    await served.close();
  }
}

export async function evidenceFrom(...args: Parameters<typeof gatherFrom>): Promise<Evidence> {
  const { evidence, problem } = await gatherFrom(...args);
  if (evidence === undefined) throw problem ?? new Error("neither evidence nor problem");
  return evidence;
}
