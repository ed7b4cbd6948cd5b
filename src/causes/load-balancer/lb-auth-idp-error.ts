import { defineCause } from "../define-cause.ts";
import { wordsOf } from "../outer-log.ts";
import type { Explains } from "../requests.ts";
import { weighSaying } from "../outer-saying.ts";

/** `error_reason` of a failed login: AuthTokenEpRequestTimeout, AuthInvalidIdToken, AuthUserinfoResponseSizeExceeded … */
const loginFailed = /\berror_reason Auth[A-Za-z]+/;

const explains: Explains = (request, attempt) =>
  request.origin !== "application" && (request.status === 561 || loginFailed.test(wordsOf(request, attempt)));

/**
 * The load balancer logs users in by itself (OIDC or Cognito), and the identity provider answers with an error, too
 * late, or not what was expected. The request never reaches a target.
 */
export const lbAuthIdpError = defineCause({
  id: "lb-auth-idp-error",
  title: "The load balancer's login at the identity provider fails",
  hop: "load-balancer",
  codes: [561, 500, 401],
  prior: 0.01,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["gateway"],
  weigh: (facts) =>
    weighSaying(facts, {
      hop: "load-balancer",
      explains,
      text: () => "failed in the load balancer's own login, before any target",
      never: "no request failed in a login of the load balancer",
      fix: {
        title:
          "Mend the login: the identity provider's token and user-info endpoints must answer the load balancer (its subnets need a way out, and DNS), and client id and secret of the rule's authenticate action must be the provider's",
        applicability: "display-only",
        commands: [],
      },
    }),
});
