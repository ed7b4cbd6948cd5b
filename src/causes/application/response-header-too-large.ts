import { annotateIngress } from "../annotate.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { someOf } from "../names.ts";
import { haproxyRefusedResponse } from "./haproxy-refused-response.ts";
import { mostOf, saidBy } from "../said.ts";

/**
 * The answer's header block is larger than the buffer the gateway reads it into (4 KiB unless set):
 * fat cookies, tokens, CSP or Link headers. The application says 200, the client sees 502, and only
 * for the users or paths with the large header.
 */
export const responseHeaderTooLarge = defineCause({
  id: "response-header-too-large",
  title: "The application's response header does not fit the gateway's buffer",
  hop: "application",
  codes: [502],
  prior: 0.02,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["settings", "patterns"],
  weigh({ route, traffic, settings }) {
    const said = saidBy(traffic, /upstream sent too big header/);
    if (said === undefined)
      return (
        haproxyRefusedResponse(
          traffic,
          "its header is larger than the buffer (16 KiB unless tune.bufsize says else)",
        ) ??
        refuted(
          speaksAgainst.decisive('no error line says "upstream sent too big header"', "gateway error log"),
        )
      );
    const clues = [said.clue];
    const paths = mostOf(said.requests, (r) => r.path.split("?")[0] ?? r.path);
    const spared = traffic.requests - traffic.failures.length;
    if (spared > 0)
      clues.push(
        speaksFor.moderate(
          `it depends on the answer: ${spared} other requests passed; seen on ${someOf(paths)}`,
          "gateway access log",
          { group: "paths" },
        ),
      );
    const buffer = settings.state === "present" ? settings.value.bufferSizeBytes : undefined;
    if (buffer !== undefined)
      clues.push(speaksFor.moderate(`the buffer is ${buffer.value} bytes`, buffer.source));
    const kib = Math.max(16, Math.ceil(((buffer?.value ?? 4096) * 4) / 1024));
    return {
      state: "supported",
      subject: route.rule?.object ?? route.backend.service,
      clues,
      explains: said.explains,
      fixes: [annotateIngress(route, "proxy-buffer-size", `${kib}k`, "Give the header room")],
    };
  },
});
