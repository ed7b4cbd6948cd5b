import { defineCause } from "../define-cause.ts";
import { madeHere, wordsOf } from "../outer-log.ts";
import { weighSaying } from "../outer-saying.ts";

const tooLong = /headers?_too_(?:long|big|large)|ResponseHeaderTooBig/i;
const broken = madeHere("bad-response");

/**
 * The header of the answer is longer than the load balancer takes (ALB 32 KiB, Google 128 KiB), so it drops an answer that
 * the target and the gateway had found good. An ALB does not name it; Google's log does.
 */
export const lbResponseHeaderLimit = defineCause({
  id: "lb-response-header-limit",
  title: "The answer's header is longer than the load balancer takes",
  hop: "load-balancer",
  codes: [502, 503],
  prior: 0.01,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["gateway", "patterns"],
  weigh: (facts) =>
    weighSaying(facts, {
      hop: "load-balancer",
      explains: (request, attempt) => broken(request, attempt) && tooLong.test(wordsOf(request, attempt)),
      text: () => "were dropped for the length of the answer's header",
      never: "no line says that an answer's header was too long",
      fix: {
        title:
          "Let the application send shorter headers: fewer and smaller cookies, no list in Link or Content-Security-Policy, tokens by reference; the load balancer's limit cannot be raised",
        applicability: "display-only",
        commands: [],
      },
    }),
});
