import type { Attempt, LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { countText, ipOf } from "../requests.ts";
import { see } from "../see.ts";

const defaultBackend = /^(?:upstream-default-backend|custom-default-backend-)/;

/**
 * The answer came from a default backend: no rule matched, or custom-http-errors sent the error on
 * to it. It fails itself, or answers with its own code and hides the first one.
 */
export const defaultBackendUnhealthy = defineCause({
  id: "default-backend-unhealthy",
  title: "The default backend fails itself",
  hop: "gateway",
  codes: [502, 503, 504],
  prior: 0.01,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["settings", "endpoints"],
  weigh({ route, traffic, settings, endpoints }) {
    const codes = settings.state === "present" ? settings.value.customHttpErrors : [];
    const own = endpoints.state === "present" ? new Set(endpoints.value.all.map((e) => e.ip)) : undefined;
    const isHandedOn = (r: LoggedRequest): boolean =>
      codes.length > 0 &&
      own !== undefined &&
      r.attempts.length > 1 &&
      isOther(r.attempts.at(-1), own) &&
      r.attempts.slice(0, -1).some((a) => !isOther(a, own));
    const isDefault = (r: LoggedRequest): boolean =>
      defaultBackend.test(r.upstreamName ?? "") || isHandedOn(r);
    const failedThere = (r: LoggedRequest): boolean => isDefault(r) && isItsOwn(r) && !isPassedOn(r);
    const hits = traffic.failures.filter(failedThere);
    const first = hits[0];
    if (first === undefined)
      return refuted(
        speaksAgainst.decisive("no failing request was answered by a default backend", "gateway access log"),
      );
    const address = first.attempts.at(-1)?.address ?? "-";
    const isNamed = defaultBackend.test(first.upstreamName ?? "");
    const clues: Clue[] = [
      (isNamed ? speaksFor.decisive : speaksFor.strong)(
        `${countText(hits.length, traffic.failures.length, "failures")} ended at the default backend ${address}, which failed too`,
        "gateway access log, upstream lists",
      ),
    ];
    if (codes.length > 0)
      clues.push(
        speaksFor.strong(`custom-http-errors hands ${codes.join(", ")} on to it`, "gateway settings"),
      );
    else
      clues.push(
        speaksFor.strong(`the upstream of these requests is ${first.upstreamName}`, "gateway access log"),
      );
    return {
      state: "supported",
      subject: route.isDefaultBackend
        ? route.backend.service
        : { kind: "Service", name: `default backend at ${address}` },
      clues,
      explains: (request) => failedThere(request),
      fixes: [
        {
          title:
            codes.length === 0
              ? `Mend the default backend, or give this host and path an Ingress rule of their own`
              : `Mend the default backend, and leave 502, 503 and 504 out of custom-http-errors unless it answers with the code it was given (X-Code)`,
          applicability: "display-only",
          commands: [see.describe(route.rule?.object ?? route.backend.service)],
        },
      ],
    };
  },
});

/**
 * Neither the gateway's own limit, met before anything was sent, nor the answer to a request that no rule took: what a
 * default backend says then is what it is there for.
 */
function isItsOwn({ attempts }: LoggedRequest): boolean {
  const failure = attempts.at(-1)?.failure;
  if (failure === undefined || failure === "local-resource") return false;
  return failure !== "app-status" || attempts.length > 1;
}

/** It answered with the code it was given: the error is the one before. */
function isPassedOn(request: LoggedRequest): boolean {
  const [before, last] = request.attempts.slice(-2);
  return last?.failure === "app-status" && last.status === before?.status;
}

const isOther = (attempt: Attempt | undefined, own: ReadonlySet<string>): boolean =>
  attempt !== undefined && /:\d+$/.test(attempt.address) && !own.has(ipOf(attempt.address));
