import type { Shot } from "../../act/load/shot.ts";
import type { Observations } from "../../derive/observations.ts";
import { observe } from "../../derive/observe.ts";
import { resolveRoutes } from "../../derive/routes.ts";
import type { Route } from "../../derive/views.ts";
import type { ChangeRecord } from "../../evidence/change-record.ts";
import { type Evidence, get } from "../../evidence/evidence.ts";
import { type Connection, connect } from "../../gather/cluster/connection.ts";
import { ClusterProblem } from "../../gather/cluster/problem.ts";
import { gatherCluster } from "../../gather/sources/cluster.ts";
import { recordChanges, type Recording } from "../../gather/watch/record-changes.ts";
import { watchScope } from "../../gather/watch/watch-scope.ts";
import type { Report } from "../../report/report.ts";
import { parseTarget, type Target } from "../../target/target.ts";
import { clusterOptions } from "../evidence-from.ts";
import type { FlagValues } from "../flags.ts";
import type { Progress } from "../progress.ts";

/** The cluster that serves what is asked, watched while the load runs. */
export interface Beside {
  readonly target: Target;
  readonly route: Route;
  readonly connection: Connection;
  readonly recording: Recording;
  /** What the route's Ingress says of where it is: the host when it names one, then addresses. */
  readonly published: readonly string[];
}

/** Before a load little of the logs is needed: what is there to be watched. */
const logsBeforeMs = 10_000;

/** The route of the URL in the cluster of the context, watched from now on; or why there is none. */
export async function openBeside(
  values: FlagValues,
  shot: Shot,
  progress: Progress,
): Promise<Beside | { readonly unattributed: string }> {
  const target = parseTarget(targetText(shot), values.namespace);
  const options = { ...clusterOptions(values), sinceMs: logsBeforeMs };
  try {
    const evidence = await gatherCluster(options, target, progress.phase);
    const { routes, problem } = resolveRoutes(evidence, target);
    const route = routes.find(({ role }) => role === "primary") ?? routes[0];
    if (route === undefined) return { unattributed: problem?.message ?? "no route of the cluster serves it" };
    const connection = await connect(options);
    progress.phase("beginning to watch pods, endpoints and events");
    const recording = await recordChanges(connection, watchScope(observe(evidence, route)));
    return { target, route, connection, recording, published: publishedBy(evidence, route, shot) };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    return { unattributed: error.message.split("\n")[0] ?? "" };
  }
}

/** A Host header names what is asked, wherever the connection goes. */
function targetText({ url, headers = {} }: Shot): string {
  const host = Object.entries(headers).find(([name]) => name.toLowerCase() === "host")?.[1];
  return `${host ?? url.hostname}${url.pathname}`;
}

/** A rule for every host is no word of whose host it is. */
function publishedBy(evidence: Evidence, route: Route, { url }: Shot): string[] {
  const isNamed = route.host !== undefined && route.host !== "" && route.host !== "*";
  const object = route.rule?.object;
  const ingress =
    object?.kind === "Ingress" ? get(evidence, "ingresses", object.name, object.namespace) : undefined;
  const addresses =
    ingress?.state === "present"
      ? (ingress.value.status?.loadBalancer?.ingress?.flatMap(({ ip, hostname }) => ip ?? hostname ?? []) ??
        [])
      : [];
  return [...(isNamed ? [url.hostname] : []), ...addresses];
}

/** What was going on in the cluster while requests ran, and what the usual diagnosis makes of it. */
export interface Aftermath {
  readonly record: ChangeRecord;
  readonly facts: Observations;
  readonly report: Report;
}

/** A line of an access log, generously. */
const lineBytes = 600;
const leastLogBytes = 8 << 20;
const mostLogBytes = 64 << 20;
/** What was under way as the watching began. */
const marginMs = 2000;

/** Reads what is there after the load, its logs of that time only, and diagnoses it. */
export async function aftermath(
  values: FlagValues,
  { target, route, recording, connection }: Beside,
  requests: number,
  progress: Progress,
): Promise<Aftermath> {
  progress.phase("reading the gateway's log of that time");
  const record = await recording.stop();
  const logBytes = Math.min(mostLogBytes, Math.max(leastLogBytes, requests * lineBytes));
  const options = {
    ...clusterOptions(values),
    sinceMs: recording.nowMs() - record.fromMs + marginMs,
    gatewayLogBytes: logBytes,
  };
  try {
    const evidence = { ...(await gatherCluster(options, target, progress.phase)), changes: record };
    const { diagnose } = await import("../../verdict/diagnose.ts");
    const { catalogue } = await import("../../causes/catalogue.ts");
    progress.phase("diagnosing");
    const now = resolveRoutes(evidence, target).routes.find(({ role }) => role === route.role) ?? route;
    return { record, facts: observe(evidence, now), report: diagnose(evidence, target, catalogue) };
  } finally {
    connection.agent.destroy();
  }
}
