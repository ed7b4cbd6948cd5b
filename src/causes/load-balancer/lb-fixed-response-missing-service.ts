import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { explainedBy, firstAt, madeHere, unlessLoggedBy, wordsOf } from "../outer-log.ts";
import { countText, type Explains } from "../requests.ts";
import { see } from "../see.ts";

const configured = madeHere("config-answer");
const explains: Explains = (request, attempt) =>
  attempt === undefined && configured(request, attempt) && /\bfixed-response\b/.test(wordsOf(request));

/** Actions that a person wrote on the Ingress: `alb.ingress.kubernetes.io/actions.NAME` with a fixed response. */
const actionKey = /^alb\.ingress\.kubernetes\.io\/actions\./;

/**
 * The AWS Load Balancer Controller cannot resolve a backend that the Ingress names, and makes a rule of it
 * that answers 503 by itself ("Backend service does not exist", pkg/ingress/enhanced_backend_builder.go).
 */
export const lbFixedResponseMissingService = defineCause({
  id: "lb-fixed-response-missing-service",
  title: "The load balancer's rule answers 503 because its backend does not exist",
  hop: "load-balancer",
  codes: [503],
  prior: 0.02,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["service", "servicePort", "events"],
  weigh({ route, traffic, service, servicePort, events }) {
    const elsewhere = unlessLoggedBy("load-balancer", traffic);
    if (elsewhere !== undefined) return elsewhere;
    const hits = explainedBy(traffic, (r, a) => r.status === 503 && explains(r, a));
    if (hits.length === 0)
      return refuted(
        speaksAgainst.decisive(
          "no failed request was answered by a rule's fixed response",
          "load balancer's log",
        ),
      );
    const subject = route.rule?.object ?? route.backend.service;
    const own = Object.entries(route.rule?.annotations ?? {}).find(
      ([key, value]) => actionKey.test(key) && /fixed-?response/i.test(value) && value.includes("503"),
    );
    if (own !== undefined)
      return refuted(
        speaksAgainst.decisive(
          `${refText(subject)} asks for it: ${own[0]} is ${own[1].slice(0, 120)}`,
          `${refText(subject)} .metadata.annotations`,
        ),
      );
    const text = `${countText(hits.length, traffic.failures.length, "failed requests")} were answered by a fixed response of the load balancer's rule, without a target`;
    const clues: Clue[] = [
      speaksFor.strong(text, `load balancer's log, first at ${firstAt(hits)}`, { see: see.get(subject) }),
    ];
    if (route.rule !== undefined)
      clues.push(
        speaksFor.strong(
          `${refText(subject)} has no action of its own that answers 503, so the controller put it there for a backend that it did not find`,
          `${refText(subject)} .metadata.annotations`,
          { see: see.events(subject) },
        ),
      );
    const failed =
      events.state === "present"
        ? events.value.findLast((e) => e.reason === "FailedBuildModel" && e.about.name === subject.name)
        : undefined;
    if (failed !== undefined)
      clues.push(
        speaksFor.strong(
          `FailedBuildModel: ${failed.message.slice(0, 160)}`,
          `Event on ${refText(subject)}`,
          {
            see: see.events(subject),
          },
        ),
      );
    const isThere = service.state === "present" && servicePort.state === "present";
    if (isThere && failed === undefined)
      return undecided(
        `${text}; ${refText(route.backend.service)} and its port exist now, so the rule may be older than they are`,
        see.describe(subject),
        clues,
      );
    return {
      state: "supported",
      subject,
      clues,
      explains,
      fixes: [
        {
          title: `Create ${refText(route.backend.service)}, or name a Service and port that exist in ${refText(subject)}; the controller then makes a rule that forwards`,
          applicability: "unsafe",
          commands: [see.list("services", route.namespace), see.edit(subject)],
        },
      ],
    };
  },
});
