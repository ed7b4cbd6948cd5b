import type { Evidence } from "../evidence/evidence.ts";
import type { ClusterOptions } from "../gather/cluster/options.ts";
import type { PrometheusOptions } from "../gather/prometheus/options.ts";
import type { Target } from "../target/target.ts";
import { durationMs } from "./duration.ts";
import type { FlagValues } from "./flags.ts";
import type { Progress } from "./progress.ts";
import { UsageProblem } from "./usage-problem.ts";

/** Reads what the flags name: a path on disk, or else the cluster. */
export async function evidenceFrom(
  values: FlagValues,
  target: Target,
  progress: Progress,
): Promise<Evidence> {
  if (values.namespace !== undefined && values["all-namespaces"]) {
    throw new UsageProblem("--namespace and --all-namespaces exclude each other.");
  }
  const metrics = prometheusOptions(values);
  const evidence = await (values.from === undefined
    ? fromCluster(values, target, progress)
    : fromDisk(values, values.from, progress));
  if (metrics === undefined) return evidence;
  const { withMetrics } = await import("../gather/prometheus/gather-metrics.ts");
  return withMetrics(evidence, target, metrics, progress.phase);
}

const defaultMetricsMs = 3_600_000;

/** @throws UsageProblem for what belongs to --prometheus and is given without it */
function prometheusOptions(values: FlagValues): PrometheusOptions | undefined {
  const { prometheus: url, since } = values;
  const { "prometheus-token-file": tokenFile, "prometheus-ca": caFile } = values;
  if (url === undefined) {
    const alone = (["prometheus-token-file", "prometheus-ca"] as const).find((n) => values[n] !== undefined);
    if (alone !== undefined) throw new UsageProblem(`--${alone} is for --prometheus URL.`);
    return undefined;
  }
  return {
    url,
    sinceMs: since === undefined ? defaultMetricsMs : durationMs(since, "--since"),
    ...(tokenFile === undefined ? {} : { tokenFile }),
    ...(caFile === undefined ? {} : { caFile }),
  };
}

const clusterOnly = ["context", "kubeconfig", "as", "timeout"] as const;

async function fromDisk(values: FlagValues, path: string, progress: Progress): Promise<Evidence> {
  const misplaced = clusterOnly.find((name) => values[name] !== undefined);
  if (misplaced !== undefined)
    throw new UsageProblem(`--${misplaced} is for a cluster, and --from reads ${path} instead.`);
  progress.phase(`reading ${path}`);
  const { openSource } = await import("../gather/open-source.ts");
  return openSource(path, {});
}

async function fromCluster(values: FlagValues, target: Target, progress: Progress): Promise<Evidence> {
  const { gatherCluster } = await import("../gather/sources/cluster.ts");
  return gatherCluster(clusterOptions(values), target, progress.phase);
}

/** Which cluster, as whom, and how much of it is read. */
export function clusterOptions(values: FlagValues): ClusterOptions {
  const { namespace, context, kubeconfig, as, since, timeout } = values;
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(values["all-namespaces"] ? { allNamespaces: true } : {}),
    ...(context === undefined ? {} : { context }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(as === undefined ? {} : { as }),
    ...(since === undefined ? {} : { sinceMs: durationMs(since, "--since") }),
    ...(timeout === undefined ? {} : { totalDeadlineMs: durationMs(timeout, "--timeout") }),
  };
}
