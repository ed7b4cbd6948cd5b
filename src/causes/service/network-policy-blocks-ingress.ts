import { refText } from "../../evidence/object-ref.ts";
import type { Attempt, FailureClass, LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { someOf } from "../names.ts";
import { countText, failedAttempts, ipOf, isUnplaced } from "../requests.ts";
import { see } from "../see.ts";
import { failedChecks } from "../server-checks.ts";
import { allowGateway } from "./allow-gateway.ts";

const dropped: readonly FailureClass[] = ["connect-timeout", "connect-refused", "unreachable"];

/**
 * A NetworkPolicy that selects the pods (or the gateway) allows no traffic between them on the
 * pods' port. Probes come from the node and are let through, so everything looks ready; new
 * connections from the gateway are dropped.
 */
export const networkPolicyBlocksIngress = defineCause({
  id: "network-policy-blocks-ingress",
  title: "A NetworkPolicy keeps the gateway away from the pods",
  hop: "pod",
  codes: [504, 502, 503],
  prior: 0.03,
  leadsTo: ["proxy-connect-timeout"],
  needs: ["route", "policies", "pods"],
  helps: ["traffic", "service", "gatewayLog", "patterns"],
  weigh({ route, policies, pods, traffic, service, gatewayLog }) {
    const first = policies.blocked[0];
    if (first === undefined) {
      const text =
        policies.selecting.length === 0
          ? "no policy selects the pods or the gateway"
          : `every gateway pod may reach every backend pod (${policies.pairs} pairs, ${policies.selecting.length} policies)`;
      return refuted(speaksAgainst.decisive(text, "NetworkPolicies"));
    }
    const ips = new Set(
      pods.filter((p) => policies.blocked.some((b) => b.to.name === p.ref.name)).flatMap((p) => p.ips),
    );
    const isAll = policies.blocked.length === policies.pairs;
    const checks = failedChecks(gatewayLog, route.backend.service, /^Layer4 (?:timeout|connection problem)/);
    const isAtBlocked = (attempt: Attempt): boolean =>
      ips.has(ipOf(attempt.address)) || (isAll && isUnplaced(attempt));
    const explains = (request: LoggedRequest, attempt: Attempt | undefined): boolean =>
      attempt?.failure === undefined
        ? checks?.explains(request, attempt) === true
        : dropped.includes(attempt.failure) && isAtBlocked(attempt);
    const subject = first.policies[0] ?? first.to;
    const text = `${countText(policies.blocked.length, policies.pairs, "pairs of gateway pod and backend pod")} are blocked: ${first.why}`;
    const clues: Clue[] = [
      speaksFor.strong(text, `${someOf(first.policies.map(refText))} (${first.direction})`, {
        see: see.get(subject),
      }),
    ];
    if (traffic.state === "present" && traffic.value.requests > 0) {
      const failed = failedAttempts(traffic.value);
      const hits = failed.filter(({ request, attempt }) => explains(request, attempt)).length;
      if (hits === 0 && !isAll && failed.some(({ attempt }) => isUnplaced(attempt)))
        return undecided(
          `${text}; the gateway's log names its servers and not the pods behind them`,
          see.get(subject),
          clues,
        );
      const served = [...traffic.value.addresses].filter(
        ([a, s]) => ips.has(ipOf(a)) && s.attempts > s.failed,
      );
      const lateSuccess = Math.max(0, ...served.map(([, s]) => s.lastSuccessMs ?? 0));
      if (hits === 0)
        return refuted(
          speaksAgainst.decisive(
            `the gateway reaches the pods all the same (${served.length} addresses answer): the policy is not enforced, or not what it seems`,
            "gateway log",
          ),
        );
      clues.push(
        speaksFor.strong(
          `${countText(hits, failed.length, "failed attempts")} at those pods were not answered${lateSuccess > 0 ? `; the last success was at ${new Date(lateSuccess).toISOString()}` : " and none succeeded"}`,
          "gateway log",
          { group: "answers" },
        ),
      );
    } else if (!isAll) return undecided(`${text}; the other pairs are open`, see.get(subject), clues);
    else clues.push(speaksFor.moderate("no pair of gateway pod and backend pod is open", "NetworkPolicies"));
    return {
      state: "supported",
      subject,
      clues,
      explains,
      fixes: [
        allowGateway(
          first,
          policies.selecting,
          service.state === "present" ? service.value.spec?.selector : undefined,
        ),
      ],
    };
  },
});
