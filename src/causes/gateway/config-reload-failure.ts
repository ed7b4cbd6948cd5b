import { refText } from "../../evidence/object-ref.ts";
import type { GatewaySignal } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { gatewayPodRef, signalSource, signalsOf } from "../gateway-signals.ts";
import { failedReloadClues } from "../metric-clues.ts";
import { see } from "../see.ts";

/** Slack between the object's second and the failed reload that it set off. */
const joinMs = 60_000;

/**
 * nginx refuses its new configuration, mostly because of one snippet, and goes on with the old one:
 * rules, hosts and certificates made since are not there. ingress-nginx hands endpoints to nginx
 * without a reload, so routes that were there before go on as if nothing were wrong.
 */
export const configReloadFailure = defineCause({
  id: "config-reload-failure",
  title: "The gateway cannot load its configuration and serves an old one",
  hop: "gateway",
  codes: [404, 503, 502],
  prior: 0.02,
  leadsTo: [],
  needs: ["route", "gateway", "gatewayLog"],
  helps: ["traffic", "metrics"],
  weigh({ route, gateway, gatewayLog, traffic, metrics }) {
    const log = { state: "present", value: gatewayLog } as const;
    const failed = signalsOf(log, "reload-failed");
    const since = failedSince(failed, signalsOf(log, "reload"));
    const subject = gateway.workload ?? gateway.pods[0]?.ref ?? { kind: "Pod", name: "gateway" };
    if (since === undefined)
      return refuted(
        speaksAgainst.strong(
          failed.length === 0 ? "no reload failed" : "the last reload succeeded",
          `log of ${refText(subject)}`,
        ),
      );
    const said = failed.findLast((s) => s.line.includes("[emerg]")) ?? since;
    const pod = gatewayPodRef(since);
    const text = `reloads fail since ${iso(since.timeMs)}: ${said.line.replace(/^.*?\[emerg\] (?:\d+#\d+: )?/, "").slice(0, 160)}`;
    const clues: Clue[] = [
      speaksFor.strong(text, signalSource(said), {
        ...(pod === undefined ? {} : { see: see.grep(pod, "[emerg]") }),
        group: "reload",
      }),
      ...failedReloadClues(metrics),
    ];
    const rule = route.rule?.object;
    const created = route.rule?.createdMs;
    const asked = traffic.state === "present" ? traffic.value.requests : undefined;
    if (rule === undefined || created === undefined || created < (since.timeMs ?? Infinity) - joinMs)
      return refuted(
        speaksAgainst.strong(
          "the route is older than the first failed reload; its endpoints still reach nginx without one",
          rule === undefined ? route.target : `${refText(rule)} .metadata.creationTimestamp`,
        ),
      );
    if (asked === undefined)
      return undecided(`${text}; whether requests of this route reach it was not read`, clues[0]?.see, clues);
    if (asked > 0)
      return refuted(
        speaksAgainst.decisive(
          `the gateway knows the route: it logged ${asked} requests of it`,
          "gateway log",
        ),
      );
    clues.push(
      speaksFor.strong(
        `${refText(rule)} was made at ${iso(created)}, after that, and no request was logged as its own`,
        `${refText(rule)} .metadata.creationTimestamp, gateway log`,
        { see: see.get(rule) },
      ),
    );
    return {
      state: "supported",
      subject,
      clues,
      leavesNoLine: true,
      fixes: [
        {
          title:
            "Correct or remove the annotation or ConfigMap key that the [emerg] line quotes; the next change of any Ingress reloads again",
          applicability: "display-only",
          commands: [
            `${see.shell("kubectl", "get", "ingress", "-A", "-o", "yaml")} | grep -n snippet`,
            see.shell("kubectl", "get", "events", "-A", "--field-selector", "reason=RELOAD"),
          ],
        },
      ],
    };
  },
});

/** The first failed reload after the last that succeeded; undefined when none failed after it. */
function failedSince(
  failed: readonly GatewaySignal[],
  reloads: readonly GatewaySignal[],
): GatewaySignal | undefined {
  const good = Math.max(-Infinity, ...reloads.map((s) => s.timeMs ?? -Infinity));
  return failed
    .filter((s) => s.timeMs !== undefined && s.timeMs > good)
    .sort((a, b) => (a.timeMs ?? 0) - (b.timeMs ?? 0))[0];
}

const iso = (ms: number | undefined): string => (ms === undefined ? "then" : new Date(ms).toISOString());
