import { setTimeout as sleep } from "node:timers/promises";
import type { ProbedHop } from "../../evidence/probed-hop.ts";
import type { Connection } from "../cluster/connection.ts";
import { openPortForward } from "../cluster/port-forward.ts";
import { ask, direct, type ProbeRequest } from "./ask.ts";
import { resolveHop } from "./resolve.ts";

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** A pod that is asked by port-forward. */
interface PodToAsk {
  readonly place: "pod" | "gateway-pod";
  readonly namespace: string;
  readonly name: string;
  /** Absent: the Service leads to no port of this pod. */
  readonly port?: number;
  /** Ports that are asked instead when nothing listens there. */
  readonly declared: readonly number[];
  readonly isSecure: boolean;
  readonly isReady: boolean;
  /** Why nothing can be asked. */
  readonly unasked?: string;
}

export interface HopsToAsk {
  /** Asks the URL's own host, by its name. Its addresses are not asked again as the gateway. */
  readonly isUrlAsked: boolean;
  /** The gateway by address, with the URL's Host. */
  readonly gateway?: HostPort;
  readonly pods: readonly PodToAsk[];
  /** Absent: nothing is asked by port-forward. */
  readonly connection?: Connection;
}

/** Between two requests, so that a probe is never a load. */
const pauseMs = 100;
const mostAtOnce = 4;
const forwardDeadlineMs = 15_000;

/** One request to each station, in the order of the way; a station that cannot be asked says why. */
export async function probeHops(
  request: ProbeRequest,
  { isUrlAsked, gateway, pods, connection }: HopsToAsk,
  onHop: (what: string) => void,
): Promise<ProbedHop[]> {
  const { url } = request;
  const isSecure = url.protocol === "https:";
  if (isUrlAsked) onHop(`resolving ${url.hostname}`);
  const resolveMs = Math.min(request.deadlineMs, forwardDeadlineMs);
  const dns = isUrlAsked ? await resolveHop(url.hostname, resolveMs) : undefined;
  const tasks: (() => Promise<readonly ProbedHop[]>)[] = [];
  if (isUrlAsked && dns?.problem === undefined) {
    const at = { host: url.hostname.replace(/^\[|\]$/g, ""), port: portOf(url) };
    tasks.push(async () => [await askAddress(request, "address", at, isSecure)]);
  }
  const isSame = dns?.addresses?.includes(gateway?.host ?? "") === true && gateway?.port === portOf(url);
  if (gateway !== undefined && !isSame)
    tasks.push(async () => [await askAddress(request, "gateway", gateway, isSecure)]);
  for (const pod of pods) tasks.push(() => askPod(request, pod, connection));
  onHop(
    `asking ${tasks.length} ${tasks.length === 1 ? "hop" : "hops"}, ${request.deadlineMs / 1000} s each at most`,
  );
  const asked = await paced(tasks);
  return [...(dns === undefined ? [] : [dns]), ...asked.flat()];
}

/** The port that an http or https URL means. */
const portOf = (url: URL): number =>
  url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);

async function askAddress(
  request: ProbeRequest,
  place: "address" | "gateway",
  { host, port }: HostPort,
  isSecure: boolean,
): Promise<ProbedHop> {
  const asked = await ask(request, { open: direct(host, port), isSecure });
  return { place, name: `${host.includes(":") ? `[${host}]` : host}:${port}`, via: "direct", ...asked };
}

async function askPod(
  request: ProbeRequest,
  pod: PodToAsk,
  connection: Connection | undefined,
): Promise<readonly ProbedHop[]> {
  const { place, namespace, name, port, declared, isSecure, isReady, unasked } = pod;
  const station = (at: number | undefined, kind: NonNullable<ProbedHop["port"]>) =>
    ({
      place,
      name: `${namespace}/${name}${at === undefined ? "" : `:${at}`}`,
      via: "port-forward",
      port: kind,
      isReady,
    }) as const;
  if (unasked !== undefined || connection === undefined)
    return [
      { ...station(port, "target"), unasked: { reason: unasked ?? "no cluster is read" }, timings: {} },
    ];
  const forwardMs = Math.min(request.deadlineMs, forwardDeadlineMs);
  const at = (number: number, isOverTls = isSecure) =>
    ask(request, {
      open: () => openPortForward(connection, { namespace, name, port: number }, forwardMs),
      isSecure: isOverTls,
      ...(place === "pod" ? { isUnchecked: true as const } : {}),
    });
  const hops: ProbedHop[] = [];
  if (port !== undefined) hops.push({ ...station(port, "target"), ...(await at(port)) });
  const [first] = hops;
  if (first !== undefined && port !== undefined && isMisunderstood(first, isSecure)) {
    const other = await at(port, !isSecure);
    return [first, { ...station(port, "other-protocol"), ...other }];
  }
  if (first !== undefined && first.problem?.phase !== "connect") return hops;
  for (const other of declared.filter((number) => number !== port)) {
    // oxlint-disable-next-line no-await-in-loop -- one at a time
    hops.push({ ...station(other, "declared"), ...(await at(other)) });
  }
  return hops;
}

/** Who expects TLS hangs up on plain HTTP, or answers it with bytes of TLS; who speaks plain HTTP does the same to TLS. */
const isMisunderstood = ({ problem }: ProbedHop, isSecure: boolean): boolean =>
  problem !== undefined &&
  problem.code !== "deadline" &&
  (isSecure ? problem.phase === "tls" : problem.phase === "answer");

/** Starts one after the other with a pause, a few under way at most; results in order. */
async function paced<T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: Promise<T>[] = [];
  const open = new Set<Promise<unknown>>();
  for (const [i, task] of tasks.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- the pace is the point
    if (i > 0) await sleep(pauseMs);
    // oxlint-disable-next-line no-await-in-loop
    if (open.size >= mostAtOnce) await Promise.race(open);
    const one = task();
    results.push(one);
    open.add(one);
    void one.finally(() => open.delete(one));
  }
  return Promise.all(results);
}
