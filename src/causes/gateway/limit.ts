import type { GatewaySettings, Route, Setting } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import type { ObjectRef } from "../../evidence/object-ref.ts";
import type { LoggedRequest, Traffic } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { type Judgement, refuted, undecided } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { annotateIngress } from "../annotate.ts";
import { countText } from "../requests.ts";
import { see } from "../see.ts";

/** What the two limits of ingress-nginx differ in: the error-log words and the settings that set them. */
export interface Limit {
  /** Start of the error line: "limiting requests", "limiting connections". */
  readonly words: string;
  /** Annotations that set it, the usual one first. */
  readonly annotations: readonly [LimitAnnotation, ...LimitAnnotation[]];
  readonly statusKey: string;
}

interface LimitAnnotation {
  /** "limit-rps" */
  readonly name: string;
  /** End of the zone's name in the error line (ingress-nginx internal/ingress/annotations/ratelimit/main.go): "_rps". */
  readonly zone: string;
  /** What is counted is counted over this time. */
  readonly windowMs: number;
  readonly set: (settings: GatewaySettings) => Setting<number> | undefined;
}

interface LimitFacts {
  readonly route: Route;
  readonly traffic: Traffic;
  readonly settings: Observed<GatewaySettings>;
}

/** A rejection by limit_req or limit_conn names itself in the error log, request by request. */
export function weighLimit(limit: Limit, { route, traffic, settings }: LimitFacts): Judgement {
  const rejected = traffic.failures.filter((f) => isRejected(limit, f));
  const known = settings.state === "present" ? settings.value : undefined;
  const isSet = ({ set }: LimitAnnotation): boolean => known !== undefined && set(known) !== undefined;
  const said = limit.annotations.find((a) =>
    rejected.some((f) => f.message?.includes(`${a.zone}"`) === true),
  );
  const annotation = said ?? limit.annotations.find(isSet) ?? limit.annotations[0];
  const effective = known === undefined ? undefined : annotation.set(known);
  const subject: ObjectRef = route.rule?.object ?? route.backend.service;
  if (rejected.length === 0) return unseen(limit, traffic, annotation, effective, subject);
  const clients = new Map<string, number>();
  for (const { client } of rejected) clients.set(client, (clients.get(client) ?? 0) + 1);
  const [top, most] = [...clients].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]!;
  const text = `${countText(rejected.length, traffic.failures.length, "failed requests")} were rejected: "${limit.words}"`;
  const clues: Clue[] = [speaksFor.decisive(text, "gateway error log")];
  if (effective !== undefined)
    clues.push(
      speaksFor.moderate(
        `${annotation.name} is ${effective.value}, per client address and gateway pod`,
        effective.source,
      ),
    );
  if (clients.size <= 3)
    clues.push(
      speaksFor.weak(
        `${countText(most, rejected.length, "rejections")} hit client ${top}; behind a load balancer that hides addresses all clients look like one`,
        "gateway access log",
        { group: "clients" },
      ),
    );
  return {
    state: "supported",
    subject,
    clues,
    explains: (request) => isRejected(limit, request),
    fixes: fixes(limit, annotation, effective, { route, subject, rejected }),
  };
}

const isRejected = (limit: Limit, request: LoggedRequest): boolean =>
  request.message?.includes(limit.words) === true;

function unseen(
  limit: Limit,
  traffic: Traffic,
  { name }: LimitAnnotation,
  effective: Setting<number> | undefined,
  subject: ObjectRef,
): Judgement {
  const silent = traffic.failures.filter(
    (f) => f.status === 503 && f.attempts.length === 0 && f.originReason === undefined,
  );
  if (silent.length > 0 && effective !== undefined && !traffic.hasErrorLog) {
    return undecided(
      `${silent.length} requests got a 503 without an upstream and ${name} is ${effective.value}, but the error log, which would say "${limit.words}", was not read`,
      see.get(subject),
    );
  }
  return refuted(speaksAgainst.decisive(`no error line says "${limit.words}"`, "gateway error log"));
}

interface Met {
  readonly route: Route;
  readonly subject: ObjectRef;
  readonly rejected: readonly LoggedRequest[];
}

function fixes(
  limit: Limit,
  { name, windowMs }: LimitAnnotation,
  effective: Setting<number> | undefined,
  { route, subject, rejected }: Met,
): Fix[] {
  const advice: Fix = {
    title: `Answer rejections with 429 instead of 503: ${limit.statusKey}: "429" in the controller's ConfigMap, and make sure the gateway sees real client addresses (use-forwarded-headers or use-proxy-protocol)`,
    applicability: "display-only",
    commands: [],
  };
  if (effective === undefined || subject.kind !== "Ingress" || effective.from !== "annotation")
    return [advice];
  const most = mostAtOnce(rejected, windowMs);
  const wanted = Math.max(effective.value * 2, Math.ceil((effective.value + most) * spare));
  const per = windowMs === 60_000 ? "a minute" : "a second";
  const why = `Raise ${name} from ${effective.value} to ${wanted}, as one client met it up to ${most} times in ${per} (or let that client send less)`;
  return [annotateIngress(route, name, String(wanted), why), advice];
}

/** What was refused is what was asked for beyond the limit; clients are not always the same. */
const spare = 1.5;

/** The most rejections of one client within a window. */
function mostAtOnce(rejected: readonly LoggedRequest[], windowMs: number): number {
  const ofClient = Map.groupBy(rejected, ({ client }) => client);
  const most = [...ofClient.values()].map((own) => {
    const times = own.map(({ startMs }) => startMs).sort((a, b) => a - b);
    let first = 0;
    return times.reduce((seen, ms, i) => {
      while (ms - times[first]! >= windowMs) first++;
      return Math.max(seen, i - first + 1);
    }, 0);
  });
  return most.reduce((a, b) => Math.max(a, b), 0);
}
