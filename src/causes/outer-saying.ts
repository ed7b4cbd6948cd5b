import type { Gateway, Route } from "../derive/views.ts";
import type { Observed } from "../evidence/observed.ts";
import type { Traffic } from "../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "./clue.ts";
import { type Judgement, refuted } from "./define-cause.ts";
import type { Fix } from "./fix.ts";
import { someOf } from "./names.ts";
import {
  balanced,
  type Explained,
  explainedBy,
  firstAt,
  type OuterHop,
  quoted,
  unlessLoggedBy,
} from "./outer-log.ts";
import { countText, type Explains } from "./requests.ts";
import { mostOf } from "./said.ts";

interface Facts {
  readonly route: Route;
  readonly traffic: Traffic;
  readonly gateway: Observed<Gateway>;
}

/** A cause that the line of a load balancer or CDN names by itself, request by request. */
interface Saying {
  readonly hop: OuterHop;
  readonly explains: Explains;
  /** "found nobody at the origin", after "12 of 40 failed requests". */
  readonly text: (hits: readonly Explained[]) => string;
  /** For the refutation: "no line says …". */
  readonly never: string;
  readonly fix: Fix;
}

export function weighSaying({ route, traffic, gateway }: Facts, saying: Saying): Judgement {
  const elsewhere = unlessLoggedBy(saying.hop, traffic);
  if (elsewhere !== undefined) return elsewhere;
  const log = saying.hop === "cdn" ? "CDN's log" : "load balancer's log";
  const hits = explainedBy(traffic, saying.explains);
  if (hits.length === 0) return refuted(speaksAgainst.decisive(saying.never, log));
  const requests = hits.map((h) => h.request);
  const codes = someOf(mostOf(requests, (r) => String(r.status)));
  const paths = someOf(mostOf(requests, (r) => r.path.split("?")[0] ?? r.path));
  const clues: Clue[] = [
    speaksFor.decisive(
      `${countText(hits.length, traffic.failures.length, "failed requests")} ${saying.text(hits)} (status ${codes}, on ${paths})${quoted(hits)}`,
      `${log}, first at ${firstAt(hits)}`,
      { group: "said" },
    ),
  ];
  const subject = balanced(route, gateway);
  return { state: "supported", subject, clues, explains: saying.explains, fixes: [saying.fix] };
}
