import { refText } from "../../evidence/object-ref.ts";
import type { Attempt, FailureClass, LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { signalsOf } from "../gateway-signals.ts";
import { countText, failedAttempts } from "../requests.ts";
import { see } from "../see.ts";

const gone: readonly FailureClass[] = ["connect-timeout", "connect-refused", "unreachable", "tls-failure"];

/**
 * A name was resolved once and kept: the address behind it changed, and the gateway goes on sending
 * to the old one until it is reloaded or restarted.
 */
export const staleDnsIp = defineCause({
  id: "stale-dns-ip",
  title: "The gateway still uses an address that the name no longer has",
  hop: "dns",
  codes: [502, 504],
  prior: 0.01,
  leadsTo: ["proxy-connect-timeout"],
  needs: ["service", "traffic"],
  helps: ["gatewayLog"],
  weigh({ service, traffic, gatewayLog }) {
    const subject = {
      kind: "Service",
      namespace: service.metadata?.namespace ?? "default",
      name: service.metadata?.name ?? "",
    };
    const name = service.spec?.type === "ExternalName" ? service.spec.externalName : undefined;
    if (name === undefined)
      return refuted(speaksAgainst.decisive("the upstream is no name but endpoints", refText(subject)));
    const failed = failedAttempts(traffic).filter(
      ({ attempt }) => attempt.failure !== undefined && gone.includes(attempt.failure),
    );
    const old = new Set(failed.map((f) => f.attempt.address));
    if (old.size === 0)
      return refuted(
        speaksAgainst.decisive("no attempt at the name's address failed to connect", "gateway log"),
      );
    const served = [...traffic.addresses].filter(([a, s]) => !old.has(a) && s.attempts > s.failed);
    const reload = signalsOf(gatewayLog, "reload", "started").find(
      (s) => s.timeMs !== undefined && failed.every((f) => f.attempt.endMs <= s.timeMs! + 2000),
    );
    const oldServed = [...old].some(
      (a) => (traffic.addresses.get(a)?.firstSuccessMs ?? Infinity) < (failed[0]?.attempt.endMs ?? 0),
    );
    const clues: Clue[] = [
      speaksFor.moderate(
        `${countText(failed.length, failed.length, "failed connects")} went to ${[...old].join(", ")}, an address of ${name}${oldServed ? " that used to answer" : ""}`,
        "gateway log",
      ),
    ];
    const fresh = served.find(
      ([, s]) => (s.firstSuccessMs ?? 0) >= Math.max(...failed.map((f) => f.attempt.endMs)) - 2000,
    );
    if (fresh !== undefined)
      clues.push(
        speaksFor.strong(
          `requests succeed at another address, ${fresh[0]}, from the moment on when the old one was given up`,
          "gateway log",
        ),
      );
    if (reload !== undefined)
      clues.push(
        speaksFor.strong(
          `the failures end with a ${reload.kind} of the gateway`,
          `log of ${reload.gatewayPod ?? "the gateway"} at ${new Date(reload.timeMs ?? 0).toISOString()}`,
        ),
      );
    if (fresh === undefined && reload === undefined)
      return undecided(
        `whether ${name} still has ${[...old].join(", ")} is not in the evidence`,
        see.shell("dig", "+short", name),
        clues,
      );
    const explains = (_: LoggedRequest, attempt: Attempt | undefined): boolean =>
      attempt?.failure !== undefined && gone.includes(attempt.failure) && old.has(attempt.address);
    return {
      state: "supported",
      subject,
      clues,
      explains,
      fixes: [
        {
          title: `Reload the gateway now; then let it resolve ${name} again by itself (resolver and a variable or "resolve" in nginx) within the record's TTL`,
          applicability: "display-only",
          commands: [see.shell("dig", "+short", name)],
        },
      ],
    };
  },
});
