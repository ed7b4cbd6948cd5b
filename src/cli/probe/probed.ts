import type { Route } from "../../derive/views.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import type { Connection } from "../../gather/cluster/connection.ts";
import type { ProbeRequest } from "../../gather/probe/ask.ts";
import { type HostPort, probeHops } from "../../gather/probe/probe-hops.ts";
import { insideOf } from "../../probe/inside.ts";
import { probeReport } from "../../probe/probe-report.ts";
import type { ProbeReport } from "../../report/probe-report.ts";
import type { Progress } from "../progress.ts";

export interface Surroundings {
  readonly evidence?: Evidence;
  readonly route?: Route;
  readonly connection?: Connection;
  /** Why nothing behind the gateway is asked. */
  readonly noInside?: string;
  readonly gateway?: HostPort;
  readonly isConnectToGiven: boolean;
  /** What to go on with when a layer of the cluster fails. */
  readonly next: string;
}

/** Asks every hop once and says where the fault lies. */
export async function probed(
  request: ProbeRequest,
  surroundings: Surroundings,
  progress: Progress,
): Promise<ProbeReport> {
  const { evidence, route, connection, noInside, gateway, isConnectToGiven } = surroundings;
  const { url, method } = request;
  const inside =
    evidence === undefined || route === undefined
      ? undefined
      : insideOf(evidence, route, url.protocol === "https:");
  const startedAt = new Date().toISOString();
  const hops = await probeHops(
    request,
    {
      isUrlAsked: !isConnectToGiven,
      ...(gateway === undefined ? {} : { gateway }),
      ...(connection === undefined ? {} : { connection }),
      pods: inside === undefined ? [] : [...inside.gatewayPods, ...inside.pods],
    },
    progress.phase,
  );
  return probeReport(
    {
      method,
      url: url.href,
      startedAt,
      ...(isConnectToGiven && gateway !== undefined ? { connectTo: addressText(gateway) } : {}),
      next: inside === undefined ? [] : [surroundings.next],
    },
    {
      hops,
      ...(inside === undefined ? {} : { inside }),
      ...(noInside === undefined ? {} : { noInside }),
    },
  );
}

const addressText = ({ host, port }: HostPort): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`;
