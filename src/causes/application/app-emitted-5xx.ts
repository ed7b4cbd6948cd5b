import type { PodView } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import type { Attempt, LoggedRequest, Traffic } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { someOf } from "../names.ts";
import { isOuterLog, unlessLoggedInside } from "../outer-log.ts";
import { countText, type Explains, failuresOf, ipOf, ofClass } from "../requests.ts";
import { mostOf } from "../said.ts";
import { see } from "../see.ts";

/**
 * The application (or a proxy inside the pod) sent the status itself. The gateway, the Service and
 * the endpoints did their work; the reason is in the application's log.
 */
export const appEmitted5xx = defineCause({
  id: "app-emitted-5xx",
  title: "The application itself answers with the error",
  hop: "application",
  codes: [502, 503, 504],
  prior: 0.05,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["appLog", "pods"],
  weigh({ route, traffic, appLog, pods }) {
    const answers = failuresOf({ state: "present", value: traffic }, "app-status");
    const isOwn = byPod(traffic, pods);
    const own = answers.filter((r) => r.attempts.some((a) => isOwn(r, a)));
    const first = own[0];
    const outside = first === undefined && answers.length > 0 ? unlessLoggedInside(traffic) : undefined;
    if (outside !== undefined) return outside;
    if (first === undefined)
      return refuted(
        speaksAgainst.decisive(
          "no failing answer came from the application",
          "gateway log, response lengths",
        ),
      );
    const paths = mostOf(own, (r) => r.path.split("?")[0] ?? r.path);
    const body = answered(first)?.responseBytes ?? 0;
    const text = `${countText(own.length, traffic.failures.length, "failures")} carry the application's own status ${someOf(mostOf(own, (r) => String(answered(r)?.status ?? r.status)))}${body === 0 ? "" : ` and body (${body} bytes)`}, on ${someOf(paths)}`;
    const clues: Clue[] = [
      speaksFor.decisive(text, `gateway access log, first at ${new Date(first.endMs).toISOString()}`),
    ];
    const logged =
      appLog.state === "present"
        ? appLog.value.filter((s) => s.kind === "request" && (s.request?.status ?? 0) >= 500)
        : [];
    const sample = logged[0];
    if (sample !== undefined)
      clues.push(
        speaksFor.strong(
          `its own log has ${logged.length} answers with 5xx: ${sample.line.slice(0, 140)}`,
          `log of ${sample.namespace}/${sample.pod}`,
        ),
      );
    const pod = pods.state === "present" ? pods.value[0] : undefined;
    const id = first.requestId === undefined ? "" : ` (first request id ${first.requestId})`;
    return {
      state: "supported",
      subject: pod?.owner ?? route.backend.service,
      clues,
      explains: isOwn,
      fixes: [
        {
          title: `Read the application's log at ${new Date(first.endMs).toISOString()}${id}; nothing at the gateway will mend it`,
          applicability: "display-only",
          commands: pod === undefined ? [] : [see.logs(pod.ref)],
        },
      ],
    };
  },
});

/**
 * What a load balancer or CDN had from its target is the application's word only where the target is one of its pods;
 * else the gateway there may have made it.
 */
function byPod(traffic: Traffic, pods: Observed<readonly PodView[]>): Explains {
  const isStatus = ofClass("app-status");
  if (!isOuterLog(traffic)) return isStatus;
  const ips = new Set(pods.state === "present" ? pods.value.flatMap((p) => p.ips) : []);
  return (request, attempt) =>
    attempt !== undefined && ips.has(ipOf(attempt.address)) && isStatus(request, attempt);
}

const answered = (request: LoggedRequest): Attempt | undefined =>
  request.attempts.find((a) => a.failure === "app-status");
