import { refText } from "../../evidence/object-ref.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { signalSource, signalsOf } from "../gateway-signals.ts";
import { failuresOf, ofClass } from "../requests.ts";
import { see } from "../see.ts";

/**
 * ingress-nginx could not satisfy an annotation that protects the location (a missing auth Secret,
 * a bad auth URL), so it denies the whole location: every request gets a 503 and the Service is fine.
 */
export const locationDeniedAnnotationError = defineCause({
  id: "location-denied-annotation-error",
  title: "The gateway denies the route because one of its annotations cannot be satisfied",
  hop: "gateway",
  codes: [503],
  prior: 0.01,
  leadsTo: [],
  needs: ["route"],
  helps: ["events", "gatewayLog", "traffic"],
  weigh({ route, events, gatewayLog, traffic }) {
    const rule = route.rule?.object;
    if (rule === undefined)
      return refuted(speaksAgainst.decisive("the target is not an Ingress rule", route.target));
    const event =
      events.state === "present"
        ? events.value.findLast(
            (e) =>
              e.about.name === rule.name &&
              e.about.kind === "Ingress" &&
              e.reason === "AnnotationParsingFailed",
          )
        : undefined;
    const logged = signalsOf(gatewayLog, "annotation-problem").find(
      (s) => s.about === `${rule.namespace}/${rule.name}`,
    );
    if (event === undefined && logged === undefined) {
      if (events.state === "unknown" && gatewayLog.state === "unknown")
        return undecided("neither events nor the controller's log were read", see.events(rule));
      return refuted(
        speaksAgainst.moderate(
          "no AnnotationParsingFailed event and no log line about its annotations",
          `Events of ${refText(rule)}`,
        ),
      );
    }
    const text = event === undefined ? logged!.line.slice(0, 180) : event.message;
    const source = event === undefined ? signalSource(logged!) : `Event on ${refText(rule)}, ${event.reason}`;
    const clues = [speaksFor.strong(text, source, { see: see.events(rule) })];
    const denied = failuresOf(traffic, "no-endpoint", "config-answer").length;
    if (denied > 0)
      clues.push(
        speaksFor.strong(`${denied} requests got a 503 and no upstream was tried`, "gateway access log"),
      );
    else if (traffic.state === "present" && traffic.value.requests > 0)
      return refuted(
        speaksAgainst.strong("requests of this route reach the application", "gateway access log"),
      );
    else return undecided(`${text}; no request was seen to get the 503`, see.events(rule), clues);
    return {
      state: "supported",
      subject: rule,
      clues,
      explains: ofClass("no-endpoint", "config-answer"),
      fixes: [
        {
          title: `Create what the annotation of ${refText(rule)} names, or correct the annotation`,
          applicability: "display-only",
          commands: [see.describe(rule)],
        },
      ],
    };
  },
});
