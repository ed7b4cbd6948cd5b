import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { someOf } from "../names.ts";
import { haproxyRefusedResponse } from "./haproxy-refused-response.ts";
import { mostOf, saidBy } from "../said.ts";

const words =
  /upstream sent (?:invalid header|duplicate header line|"Content-Length" and "Transfer-Encoding"|invalid "Content-Length"|unknown "Transfer-Encoding"|no valid header|invalid http2 (?:table index|header)|truncated http2 header)/;

/**
 * The answer's header breaks the rules: control characters, a space in a name, Content-Length
 * twice or beside Transfer-Encoding. A stricter gateway version can start it without any change in
 * the application.
 */
export const invalidResponseHeader = defineCause({
  id: "invalid-response-header",
  title: "The application sends a response header that the gateway must refuse",
  hop: "application",
  codes: [502],
  prior: 0.01,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["patterns"],
  weigh({ route, traffic }) {
    const said = saidBy(traffic, words);
    if (said === undefined)
      return (
        haproxyRefusedResponse(traffic, "a header of it is invalid") ??
        refuted(
          speaksAgainst.decisive(
            "no error line complains of an invalid or repeated header",
            "gateway error log",
          ),
        )
      );
    const paths = mostOf(said.requests, (r) => r.path.split("?")[0] ?? r.path);
    return {
      state: "supported",
      subject: route.backend.service,
      clues: [said.clue, speaksFor.weak(`on ${someOf(paths)}`, "gateway access log", { group: "paths" })],
      explains: said.explains,
      fixes: [
        {
          title: /http2/.test(said.words)
            ? "Update the application's HTTP/2 (gRPC) library: it encodes headers wrongly"
            : `Let the application send each header once and without control characters; look at what it relays on ${someOf(paths, 1)}`,
          applicability: "display-only",
          commands: [],
        },
      ],
    };
  },
});
