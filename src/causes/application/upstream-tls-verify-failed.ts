import { annotateIngress } from "../annotate.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { saidBy } from "../said.ts";
import type { Fix } from "../fix.ts";

const words = /upstream SSL certificate (?:verify error|does not match)/;

/** The gateway verifies the pods' certificate and it does not pass: expired, another authority, another name. */
export const upstreamTlsVerifyFailed = defineCause({
  id: "upstream-tls-verify-failed",
  title: "The gateway refuses the certificate of the pods",
  hop: "application",
  codes: [502, 500, 503],
  prior: 0.01,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["settings"],
  weigh({ route, traffic, settings }) {
    const said = saidBy(traffic, words);
    if (said === undefined)
      return refuted(
        speaksAgainst.decisive(
          "no error line tells of a certificate that failed verification",
          "gateway error log",
        ),
      );
    const clues = [said.clue];
    const verify = settings.state === "present" ? settings.value.proxySslVerify : undefined;
    if (verify?.value === true) clues.push(speaksFor.moderate("verification is on", verify.source));
    const name = /does not match "([^"]+)"/.exec(said.words)?.[1];
    const isExpired = /has expired/.test(said.words);
    const advice =
      name === undefined
        ? undefined
        : withoutPatch(
            annotateIngress(
              route,
              "proxy-ssl-name",
              "NAME-IN-THE-CERTIFICATE",
              `The gateway expects the name ${name}`,
            ),
          );
    return {
      state: "supported",
      subject: route.rule?.object ?? route.backend.service,
      clues,
      explains: said.explains,
      fixes: [
        ...(advice === undefined ? [] : [advice]),
        {
          title: isExpired
            ? "Renew the pods' certificate"
            : "Give the gateway the authority that signed the pods' certificate (proxy-ssl-secret), and the name in it (proxy-ssl-name)",
          applicability: "display-only",
          commands: [],
        },
      ],
    };
  },
});

/** The value is a person's to fill in. */
function withoutPatch(fix: Fix): Fix {
  const { patch: _, ...rest } = fix;
  return rest;
}
