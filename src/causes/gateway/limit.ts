import type { GatewaySettings, Route, Setting } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import { type ObjectRef, refText } from "../../evidence/object-ref.ts";
import type { LoggedRequest, Traffic } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { type Judgement, refuted, undecided } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { countText } from "../requests.ts";
import { see } from "../see.ts";

/** What the two limits of ingress-nginx differ in: the error-log words and the settings that set them. */
export interface Limit {
  /** Start of the error line: "limiting requests", "limiting connections". */
  readonly words: string;
  readonly annotation: string;
  readonly set: (settings: GatewaySettings) => Setting<number> | undefined;
  readonly statusKey: string;
}

interface LimitFacts {
  readonly route: Route;
  readonly traffic: Traffic;
  readonly settings: Observed<GatewaySettings>;
}

/** A rejection by limit_req or limit_conn names itself in the error log, request by request. */
export function weighLimit(limit: Limit, { route, traffic, settings }: LimitFacts): Judgement {
  const rejected = traffic.failures.filter((f) => isRejected(limit, f));
  const effective = settings.state === "present" ? limit.set(settings.value) : undefined;
  const subject: ObjectRef = route.rule?.object ?? route.backend.service;
  if (rejected.length === 0) return unseen(limit, traffic, effective, subject);
  const clients = new Map<string, number>();
  for (const { client } of rejected) clients.set(client, (clients.get(client) ?? 0) + 1);
  const [top, most] = [...clients].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]!;
  const text = `${countText(rejected.length, traffic.failures.length, "failed requests")} were rejected: "${limit.words}"`;
  const clues: Clue[] = [speaksFor.decisive(text, "gateway error log")];
  if (effective !== undefined)
    clues.push(
      speaksFor.moderate(
        `${limit.annotation} is ${effective.value}, per client address and gateway pod`,
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
    fixes: fixes(limit, effective, subject),
  };
}

const isRejected = (limit: Limit, request: LoggedRequest): boolean =>
  request.message?.includes(limit.words) === true;

function unseen(
  limit: Limit,
  traffic: Traffic,
  effective: Setting<number> | undefined,
  subject: ObjectRef,
): Judgement {
  const silent = traffic.failures.filter(
    (f) => f.status === 503 && f.attempts.length === 0 && f.originReason === undefined,
  );
  if (silent.length > 0 && effective !== undefined && !traffic.hasErrorLog) {
    return undecided(
      `${silent.length} requests got a 503 without an upstream and ${limit.annotation} is ${effective.value}, but the error log, which would say "${limit.words}", was not read`,
      see.get(subject),
    );
  }
  return refuted(speaksAgainst.decisive(`no error line says "${limit.words}"`, "gateway error log"));
}

function fixes(limit: Limit, effective: Setting<number> | undefined, subject: ObjectRef): Fix[] {
  const raised = effective === undefined ? undefined : effective.value * 4;
  const advice: Fix = {
    title: `Answer rejections with 429 instead of 503: ${limit.statusKey}: "429" in the controller's ConfigMap, and make sure the gateway sees real client addresses (use-forwarded-headers or use-proxy-protocol)`,
    applicability: "display-only",
    commands: [],
  };
  if (raised === undefined || subject.kind !== "Ingress") return [advice];
  const key = `nginx.ingress.kubernetes.io/${limit.annotation}`;
  return [
    {
      title: `Raise ${limit.annotation} of ${refText(subject)} from ${effective?.value} to what clients need, for example ${raised}`,
      applicability: "unsafe",
      commands: [
        see.shell(
          "kubectl",
          "annotate",
          "ingress",
          subject.name,
          "-n",
          subject.namespace ?? "default",
          "--overwrite",
          `${key}=${raised}`,
        ),
      ],
      patch: {
        object: subject,
        type: "merge",
        body: { metadata: { annotations: { [key]: String(raised) } } },
      },
      effect: "reloads the gateway; more load reaches the application",
    },
    advice,
  ];
}
