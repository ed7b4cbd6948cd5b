import { version } from "../base/version.ts";
import { hasFailed, type ProbedHop } from "../evidence/probed-hop.ts";
import type { Inside } from "./inside.ts";
import {
  type HopProbe,
  type LayerProbe,
  type ProbeReport,
  probeSchema,
  type ServiceProbe,
} from "../report/probe-report.ts";
import { judge, type Judged } from "./judge.ts";
import { originOf } from "./origin.ts";

interface Sent {
  readonly method: string;
  readonly url: string;
  /** "10.0.0.7:80", when it was given. */
  readonly connectTo?: string;
  readonly startedAt: string;
  /** Commands to go on with, most useful first. */
  readonly next: readonly string[];
}

/** Puts what was seen in order, says who made each status and where the fault lies. */
export function probeReport(sent: Sent, judged: Judged): ProbeReport {
  const { method, url, connectTo, startedAt, next } = sent;
  const { hops, inside, noInside } = judged;
  const verdict = judge(judged);
  return {
    schema: probeSchema,
    tool: { version },
    startedAt,
    request: { method, url, ...(connectTo === undefined ? {} : { connectTo }) },
    ...(inside === undefined ? {} : { target: inside.target, service: serviceOf(inside, verdict.layers) }),
    hops: hops.map((hop) => hopReport(hop, hops)),
    verdict: { ...verdict, next: verdict.state === "well" ? [] : next },
    notes: [...endingSoon(hops, startedAt), ...notesOf(judged)],
    unknown: unknownOf(hops, noInside),
  };
}

/** What the API calls well may lead to the wrong place. */
const serviceOf = ({ service }: Inside, layers: readonly LayerProbe[]): ServiceProbe =>
  layers.some(({ from, to }) => from === service.name || to === service.name)
    ? { ...service, state: "broken" }
    : service;

function hopReport(hop: ProbedHop, hops: readonly ProbedHop[]): HopProbe {
  const origin = originOf(hop, hops);
  return {
    ...hop,
    state: hop.unasked === undefined ? (hasFailed(hop) ? "failed" : "ok") : "unknown",
    ...(origin === undefined ? {} : { origin }),
  };
}

function notesOf({ hops, inside }: Judged): readonly string[] {
  const pods = hops.filter((hop) => hop.place === "pod" && hop.unasked === undefined);
  const hasPods = pods.length > 0;
  const isNobodyThere = hasPods && pods.every((hop) => hop.problem?.phase === "connect");
  return [
    ...(hasPods ? (inside?.notes ?? []) : []),
    ...(inside !== undefined && inside.left > 0
      ? [`${inside.left} more ${inside.left === 1 ? "pod was" : "pods were"} not asked.`]
      : []),
    ...(hasPods
      ? [
          ...(isNobodyThere
            ? [
                "An application that listens on its pod's address alone does not answer a port-forward, and serves requests all the same.",
              ]
            : []),
          "Pods were asked by port-forward, which comes to their loopback device: it passes NetworkPolicy, and an application that listens on 127.0.0.1 alone answers it.",
        ]
      : []),
  ];
}

/** Renewal comes when a third of a certificate's life is left (cert-manager's default, and Let's Encrypt's advice). */
const lateShare = 1 / 6;

/** Certificates that hold now and should have been renewed. */
function endingSoon(hops: readonly ProbedHop[], startedAt: string): readonly string[] {
  return hops.flatMap(({ name, tls }) => {
    const [leaf] = tls?.chain ?? [];
    if (leaf === undefined || tls?.isVerified !== true) return [];
    const [from, to] = [Date.parse(leaf.from), Date.parse(leaf.to)];
    return to - Date.parse(startedAt) < (to - from) * lateShare
      ? [`The certificate of ${name} ends on ${leaf.to.slice(0, 10)}: it should have been renewed by now.`]
      : [];
  });
}

/** Each reason once, with the hops that it kept from being asked. */
function unknownOf(hops: readonly ProbedHop[], noInside: string | undefined): ProbeReport["unknown"] {
  const unasked = hops.filter((hop) => hop.unasked !== undefined);
  const byReason = Map.groupBy(unasked, (hop) => hop.unasked?.reason ?? "");
  const told = [...byReason].map(([reason, group]) => {
    const next = group[0]?.unasked?.next;
    const names = group.slice(0, 4).map((hop) => hop.name);
    const rest = group.length > 4 ? ` and ${group.length - 4} more` : "";
    return { what: `${names.join(", ")}${rest}`, reason, ...(next === undefined ? {} : { next }) };
  });
  return noInside === undefined ? told : [{ what: "Service and pods", reason: noInside }, ...told];
}
