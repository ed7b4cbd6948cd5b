import { hasFailed, isWell, type ProbedHop } from "../evidence/probed-hop.ts";
import type { LayerProbe } from "../report/probe-report.ts";
import { howItFailed } from "./how-it-failed.ts";

const client = "the client";

/** The connection stood, and TLS where it is spoken: the request was taken. */
export const isPast = (hop: ProbedHop): boolean =>
  hop.answer !== undefined || hop.problem?.phase === "answer" || hop.problem?.phase === "body";

/** What fails from the client up to the gateway's pods. */
export function outerLayers(hops: readonly ProbedHop[]): readonly LayerProbe[] {
  const dns = hops.find((hop) => hop.place === "dns");
  const rows = (["address", "gateway", "gateway-pod"] as const)
    .map((place) => hops.filter((hop) => hop.place === place && hop.unasked === undefined))
    .filter((row) => row.length > 0);
  const gateways = rows.flatMap((row, i) => rowLayers(row, rows.slice(0, i), rows.slice(i + 1)));
  if (dns?.problem === undefined) return gateways;
  const answering = rows.flat().find((hop) => hop.answer !== undefined);
  const because = [
    dns.problem.text,
    ...(answering === undefined
      ? []
      : [`${stationName(answering)} answers with ${answering.answer?.status} when it is asked by address`]),
  ];
  return [{ from: client, to: "DNS", what: `${dns.name} does not resolve`, because }, ...gateways];
}

type Row = readonly ProbedHop[];

/** One station, or several that stand beside each other, against those before and behind. */
function rowLayers(row: Row, before: readonly Row[], behind: readonly Row[]): readonly LayerProbe[] {
  const failing = row.filter(hasFailed);
  const [first] = failing;
  if (first === undefined) return [];
  const to = failing.map(stationName).join(", ");
  const isTaken = row.some(isPast);
  // The port of a gateway's pods may be another than the one that was guessed.
  if (!isTaken && before.length > 0) return [];
  if (!isTaken) {
    const reached = behind.flat().find(isPast);
    const because = [
      ...(reached === undefined ? [] : [`${stationName(reached)} is reached all the same`]),
      ...(first.tls?.why === undefined
        ? []
        : ["with --insecure the request is sent all the same, to see what is behind"]),
    ];
    return [{ from: client, to, what: `it ${howItFailed(first)}`, because }];
  }
  if (row.some(isWell)) {
    const what = `${failing.length} of ${row.length} gateway pods: ${howItFailed(first)}; the others answer`;
    return [{ from: "the load balancer", to, what, because: [] }];
  }
  const next = behind.find((each) => each.some(isPast));
  const [well] = next ?? [];
  if (next === undefined || well === undefined || !next.every(isWell)) return [];
  const what = `${to} ${howItFailed(first)}, and ${stationName(well)} answers the same request with ${well.answer?.status}`;
  const because = ["what stands between them, or what the name leads to, makes the failure"];
  return [{ from: to, to: stationName(well), what, because }];
}

export const stationName = (hop: ProbedHop): string => {
  if (hop.place === "gateway-pod") return `gateway pod ${hop.name}`;
  return hop.place === "gateway" ? `the gateway at ${hop.name}` : hop.name;
};
