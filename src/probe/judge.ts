import { hasFailed, isWell, type ProbedHop } from "../evidence/probed-hop.ts";
import type { LayerProbe, ProbeVerdict } from "../report/probe-report.ts";
import type { Inside } from "./inside.ts";
import { innerLayers, partLayers } from "./inner-layers.ts";
import { howItFailed } from "./how-it-failed.ts";

export interface Judged {
  readonly hops: readonly ProbedHop[];
  readonly inside?: Inside;
  /** Why nothing behind the gateway was looked at. */
  readonly noInside?: string;
  /** The gateway's address was given: what the name resolves to does not count. */
  readonly isConnectToGiven: boolean;
}

/** Where between the client and the application the fault lies, as far as one request to each hop can tell. */
export function judge(judged: Judged): Omit<ProbeVerdict, "next"> {
  const layers = layersOf(judged);
  const [first] = layers;
  if (first !== undefined) {
    const more = layers
      .slice(1)
      .map((layer) => ` And behind it, between ${layer.from} and ${layer.to}: ${layer.what}.`);
    const sentence = `The failing layer is between ${first.from} and ${first.to}: ${first.what}.${more.join("")}`;
    return { state: "failing", sentence, layers };
  }
  const asked = judged.hops.filter((hop) => hop.unasked === undefined && hop.place !== "dns");
  if (asked.some(isWell)) {
    const front = asked.filter((hop) => hop.place !== "pod");
    const what = front.some(isWell)
      ? `No layer fails now: ${asked.length === 1 ? "the hop that was asked answers" : `all ${asked.length} hops that were asked answer`}.`
      : "The pods answer; what stands in front of them could not be asked.";
    return { state: front.some(isWell) ? "well" : "unknown", sentence: what, layers };
  }
  return { state: "unknown", sentence: "Nothing could be asked, so nothing is known.", layers };
}

function layersOf(judged: Judged): readonly LayerProbe[] {
  const outer = outerLayers(judged);
  const gateways = frontOf(judged.hops);
  const failing = gateways.filter(hasFailed);
  // Somebody at the gateway answered, or took the request: what fails may lie behind it.
  const reached = failing.filter((hop) => hop.problem === undefined || isPast(hop));
  const isNobodyReached = gateways.every((hop) => hop.unasked !== undefined || !isPast(hop));
  if (reached.length > 0) return [...outer, ...innerLayers(judged, reached)];
  if (isNobodyReached) return [...outer, ...partLayers(judged)];
  return [...outer, ...partLayers(judged)];
}

/** The connection stood, and TLS where it is spoken. */
const isPast = (hop: ProbedHop): boolean =>
  hop.answer !== undefined || hop.problem?.phase === "answer" || hop.problem?.phase === "body";

/** The stations nearest to the pods that were asked and are no pods of the application. */
function frontOf(hops: readonly ProbedHop[]): readonly ProbedHop[] {
  for (const place of ["gateway-pod", "gateway", "address"] as const) {
    const asked = hops.filter((hop) => hop.place === place && hop.unasked === undefined);
    if (asked.length > 0) return asked;
  }
  return [];
}

function outerLayers({ hops, isConnectToGiven }: Judged): readonly LayerProbe[] {
  const at = (place: ProbedHop["place"]) => hops.filter((h) => h.place === place && h.unasked === undefined);
  const [dns] = at("dns");
  if (dns?.problem !== undefined && !isConnectToGiven)
    return [
      layer("the client", "DNS", `${dns.name} does not resolve`, [
        dns.problem.text,
        ...behind(hops, "answers by address"),
      ]),
      ...gatewayOuter(hops, []),
    ];
  return gatewayOuter(hops, at("address"));
}

/** Between what the name leads to, the gateway's address and the gateway's pods: a station that fails before one that does not. */
function gatewayOuter(hops: readonly ProbedHop[], addresses: readonly ProbedHop[]): readonly LayerProbe[] {
  const gateway = hops.filter((h) => h.place === "gateway" && h.unasked === undefined);
  const pods = hops.filter((h) => h.place === "gateway-pod" && h.unasked === undefined);
  const rows = [addresses, gateway, pods].filter((row) => row.length > 0);
  const layers: LayerProbe[] = [];
  for (const [i, row] of rows.entries()) {
    const [failing] = row.filter(hasFailed);
    if (failing === undefined) continue;
    const inner = rows[i + 1] ?? [];
    const name = stationName(failing);
    if (!isPast(failing)) {
      const what = `${name} ${howItFailed(failing)}`;
      const well = inner.find(isPast);
      layers.push(
        layer(
          "the client",
          name,
          what,
          well === undefined ? [] : [`${stationName(well)} is reached all the same`],
        ),
      );
      continue;
    }
    const isMixed = row.some(isWell);
    const well = isMixed ? undefined : inner.every(isWell) ? inner[0] : undefined;
    if (isMixed)
      layers.push(
        layer(
          "the load balancer",
          `${row.filter(hasFailed).map(stationName).join(", ")}`,
          `${row.filter(hasFailed).length} of ${row.length} gateway pods ${howItFailed(failing)}, the others answer`,
          [],
        ),
      );
    else if (well !== undefined)
      layers.push(
        layer(
          name,
          stationName(well),
          `${name} ${howItFailed(failing)}, and ${stationName(well)} answers the same request with ${well.answer?.status}`,
          ["what stands between them, or what the name leads to, makes the failure"],
        ),
      );
  }
  return layers;
}

function behind(hops: readonly ProbedHop[], what: string): readonly string[] {
  const answering = hops.find((h) => h.place !== "dns" && h.place !== "pod" && h.answer !== undefined);
  return answering === undefined
    ? []
    : [`${stationName(answering)} ${what} with ${answering.answer?.status}`];
}

const stationName = (hop: ProbedHop): string =>
  hop.place === "gateway-pod"
    ? `gateway pod ${hop.name}`
    : hop.place === "gateway"
      ? `the gateway at ${hop.name}`
      : hop.name;

export const layer = (from: string, to: string, what: string, because: readonly string[]): LayerProbe => ({
  from,
  to,
  what,
  because,
});
