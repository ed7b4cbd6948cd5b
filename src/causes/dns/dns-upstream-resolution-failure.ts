import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { signalSource, signalsOf } from "../gateway-signals.ts";
import { saidBy } from "../said.ts";
import { see } from "../see.ts";

const words = /could not be resolved|no resolver defined to resolve|host not found in upstream/;

/**
 * The route's upstream is a name (an ExternalName Service, a host in a snippet) and the gateway
 * cannot resolve it: a typo, a zone it cannot see, a resolver that does not answer.
 */
export const dnsUpstreamResolutionFailure = defineCause({
  id: "dns-upstream-resolution-failure",
  title: "The gateway cannot resolve the upstream's name",
  hop: "dns",
  codes: [502, 503],
  prior: 0.02,
  leadsTo: [],
  needs: ["service"],
  helps: ["traffic", "gatewayLog", "patterns"],
  weigh({ service, traffic, gatewayLog }) {
    const name = service.spec?.type === "ExternalName" ? service.spec.externalName : undefined;
    const subject = {
      kind: "Service",
      namespace: service.metadata?.namespace ?? "default",
      name: service.metadata?.name ?? "",
    };
    const said = traffic.state === "present" ? saidBy(traffic.value, words) : undefined;
    const logged = signalsOf(gatewayLog, "name-not-resolved").find(
      (s) =>
        name !== undefined && (s.line.includes(name) || s.about === `${subject.namespace}/${subject.name}`),
    );
    const refusedName = signalsOf(gatewayLog, "external-name-refused").find(
      (s) => s.about === `${subject.namespace}/${subject.name}`,
    );
    const clues: Clue[] = [];
    if (said !== undefined) clues.push(said.clue);
    if (logged !== undefined)
      clues.push(
        speaksFor.decisive(`the gateway logs: ${logged.line.slice(0, 180)}`, signalSource(logged), {
          group: "log",
        }),
      );
    if (refusedName !== undefined)
      clues.push(
        speaksFor.decisive(
          `the gateway refuses the name: ${refusedName.line.slice(0, 180)}`,
          signalSource(refusedName),
          { group: "log" },
        ),
      );
    if (clues.length === 0) {
      if (name === undefined)
        return refuted(
          speaksAgainst.decisive(
            "the Service is no ExternalName and no error line tells of a name",
            refText(subject),
          ),
        );
      const silent =
        traffic.state === "present" && traffic.value.failures.some((f) => f.attempts.length === 0);
      if (silent)
        return undecided(
          `${refText(subject)} points at ${name} and requests got a 503 without an upstream; the gateway's error log would say whether it resolves`,
          see.field(subject, ".spec.externalName"),
        );
      return traffic.state === "present"
        ? refuted(speaksAgainst.strong("no error line tells of a name that did not resolve", "gateway log"))
        : undecided(
            `whether ${name} resolves is not in the evidence`,
            see.field(subject, ".spec.externalName"),
          );
    }
    if (name !== undefined)
      clues.push(
        speaksFor.moderate(
          `the Service is an ExternalName for ${name}`,
          `${refText(subject)} .spec.externalName`,
          { see: see.field(subject, ".spec.externalName") },
        ),
      );
    return {
      state: "supported",
      subject,
      clues,
      explains: (request, attempt) =>
        said?.explains(request, attempt) === true || (name !== undefined && attempt === undefined),
      fixes: [
        {
          title: `Correct the name${name === undefined ? "" : ` ${name} in ${refText(subject)}`}, or make it resolvable from the gateway (zone, resolver, egress to DNS over UDP and TCP 53)`,
          applicability: "display-only",
          commands:
            name === undefined
              ? []
              : [
                  see.shell(
                    "kubectl",
                    "run",
                    "dns-check",
                    "--rm",
                    "-it",
                    "--image=busybox",
                    "--restart=Never",
                    "--",
                    "nslookup",
                    name,
                  ),
                ],
        },
      ],
    };
  },
});
