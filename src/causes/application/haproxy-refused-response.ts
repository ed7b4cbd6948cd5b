import type { Traffic } from "../../logs/traffic.ts";
import { type Judgement, undecided } from "../define-cause.ts";
import { mostOf } from "../said.ts";
import { someOf } from "../names.ts";
import { countText } from "../requests.ts";
import { see } from "../see.ts";

/**
 * HAProxy's `PH`: the server's header is no valid HTTP, or does not fit the buffer, or a rule denied the answer
 * (haproxy doc/configuration.txt, "Session state at disconnection"). Its log says no more; the process keeps the last
 * refused answer of each backend and shows it to `show errors` of its runtime API (doc/management.txt).
 */
export function haproxyRefusedResponse(traffic: Traffic, what: string): Judgement | undefined {
  const refused = traffic.failures.filter(
    (request) => request.failure === "bad-response" && request.originReason?.startsWith("PH") === true,
  );
  const [first] = refused;
  if (first === undefined) return undefined;
  const paths = someOf(mostOf(refused, (r) => r.path.split("?")[0] ?? r.path));
  const count = countText(refused.length, traffic.failures.length, "failures");
  return undecided(
    `${count}, on ${paths}, have the state PH: HAProxy refused the response, and its log does not say why; perhaps ${what}`,
    showErrors(first.gatewayPod),
  );
}

/** haproxytech's image has its runtime API at /var/run/haproxy-runtime-api.sock, haproxy-ingress at /var/run/haproxy/admin.sock. */
function showErrors(gatewayPod: string | undefined): string | undefined {
  const [namespace, pod] = gatewayPod?.split("/") ?? [];
  if (namespace === undefined || pod === undefined) return undefined;
  const ask =
    'echo "show errors" | socat - "$(ls /var/run/haproxy-runtime-api.sock /var/run/haproxy/admin.sock 2>/dev/null | head -n 1)"';
  return see.shell("kubectl", "exec", "-n", namespace, pod, "--", "sh", "-c", ask);
}
