import { defineCause } from "../define-cause.ts";
import { madeHere } from "../outer-log.ts";
import { weighSaying } from "../outer-saying.ts";

/**
 * The CDN's TLS handshake with the origin fails, or it does not trust the certificate: expired, another name, the
 * gateway's self-signed default because the Ingress's Secret is missing.
 */
export const cdnOriginTlsFailure = defineCause({
  id: "cdn-origin-tls-failure",
  title: "The CDN does not accept the origin's certificate or handshake",
  hop: "cdn",
  codes: [525, 526, 502, 503],
  prior: 0.02,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["gateway"],
  weigh: (facts) =>
    weighSaying(facts, {
      hop: "cdn",
      explains: madeHere("tls-failure"),
      text: () => "ended in the CDN's TLS handshake with the origin",
      never: "no TLS handshake of the CDN with the origin failed",
      fix: {
        title:
          "See which certificate the origin shows for the host (openssl s_client -connect ORIGIN:443 -servername HOST); renew or repair the Secret that the Ingress's tls names, with the host in it",
        applicability: "display-only",
        commands: [],
      },
    }),
});
