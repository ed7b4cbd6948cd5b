import { hasFailed, isWell, type ProbedHop } from "../evidence/probed-hop.ts";
import type { LayerProbe, ProbeVerdict } from "../report/probe-report.ts";
import type { Inside } from "./inside.ts";
import { innerLayers, partLayers } from "./inner-layers.ts";
import { isPast, outerLayers } from "./outer-layers.ts";

export interface Judged {
  readonly hops: readonly ProbedHop[];
  readonly inside?: Inside;
  /** Why nothing behind the gateway was looked at. */
  readonly noInside?: string;
}

/** Where between the client and the application the fault lies, as far as one request to each hop can tell. */
export function judge(judged: Judged): Omit<ProbeVerdict, "next"> {
  const layers = layersOf(judged);
  const [first] = layers;
  if (first !== undefined) {
    const more = layers.slice(1).map((layer) => ` And between ${layer.from} and ${layer.to}: ${layer.what}.`);
    const sentence = `The failing layer is between ${first.from} and ${first.to}: ${first.what}.${more.join("")}`;
    return { state: "failing", sentence, layers };
  }
  const asked = judged.hops.filter((hop) => hop.unasked === undefined && hop.place !== "dns");
  const well = asked.filter(isWell);
  if (well.some((hop) => hop.place !== "pod")) {
    const all = asked.length === 1 ? "the hop that was asked answers" : `all ${asked.length} hops answer`;
    const some = `${well.length} of ${asked.length} hops answer, and what clients come through is among them`;
    return {
      state: "well",
      sentence: `No layer fails now: ${well.length === asked.length ? all : some}.`,
      layers,
    };
  }
  const sentence =
    well.length > 0
      ? "The pods answer; what stands in front of them could not be asked."
      : "Nothing could be asked, so nothing is known.";
  return { state: "unknown", sentence, layers };
}

function layersOf(judged: Judged): readonly LayerProbe[] {
  const front = frontOf(judged.hops);
  // Somebody at the gateway took the request: what fails may lie behind it, unless one beside it is answered.
  const reached = front.filter(hasFailed);
  const inner = reached.length > 0 && !front.some(isWell) ? innerLayers(judged, reached) : partLayers(judged);
  return [...outerLayers(judged.hops), ...inner];
}

/** The stations nearest to the pods that took the request and are no pods of the application. */
function frontOf(hops: readonly ProbedHop[]): readonly ProbedHop[] {
  for (const place of ["gateway-pod", "gateway", "address"] as const) {
    const taken = hops.filter((hop) => hop.place === place && isPast(hop));
    if (taken.length > 0) return taken;
  }
  return [];
}
