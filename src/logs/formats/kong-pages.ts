import type { FailureClass } from "../traffic.ts";

/** What one of Kong's own answers says. */
export interface KongPage {
  readonly failure: FailureClass;
  readonly message: string;
}

type Template = (message: string, id: string) => string;

/** kong kong/tools/http.lua `ERROR_TEMPLATES`, by the client's Accept: JSON, HTML, plain text, XML. */
const templates: readonly Template[] = [
  (message, id) => `{\n  "message":"${message}",\n  "request_id":"${id}"\n}`,
  (message, id) => `${htmlHead}    <p>${message}.</p>\n    <p>request_id: ${id}</p>\n  </body>\n</html>\n`,
  (message, id) => `${message}\nrequest_id: ${id}\n`,
  (message, id) => `${xmlHead}  <message>${message}</message>\n  <requestid>${id}</requestid>\n</error>\n`,
];

/** Before 3.5 an answer had no request id (kong/tools/utils.lua). */
const olderTemplates: readonly Template[] = [
  (message) => `{\n  "message":"${message}"\n}`,
  (message) => `${htmlHead}    <p>${message}.</p>\n  </body>\n</html>\n`,
  (message) => `${message}\n`,
  (message) => `${xmlHead}  <message>${message}</message>\n</error>\n`,
];

const htmlHead =
  '<!doctype html>\n<html>\n  <head>\n    <meta charset="utf-8">\n    <title>Error</title>\n  </head>\n  <body>\n    <h1>Error</h1>\n';
const xmlHead = '<?xml version="1.0" encoding="UTF-8"?>\n<error>\n';

/** Kong's words (kong/error_handlers.lua `BODIES`, kong/runloop/balancer/init.lua, kong/init.lua). */
const answers: readonly (readonly [status: number, message: string, failure: FailureClass])[] = [
  [500, "An unexpected error occurred", "unclassified"],
  [502, "An invalid response was received from the upstream server", "unclassified"],
  [503, "The upstream server is currently unavailable", "unclassified"],
  [503, "failure to get a peer from the ring-balancer", "no-endpoint"],
  [503, "name resolution failed", "no-endpoint"],
  [503, "no Service found with those values", "config-answer"],
  [504, "The upstream server is timing out", "unclassified"],
];

const idBytes = 32;

function pagesBySize(): ReadonlyMap<string, KongPage> {
  const id = "0".repeat(idBytes);
  const pages = new Map<string, KongPage>();
  for (const template of [...templates, ...olderTemplates]) {
    for (const [status, message, failure] of answers) {
      const key = `${status} ${template(message, id).length}`;
      const same = pages.get(key);
      const isClear = same === undefined || same.failure === failure;
      pages.set(key, {
        failure: isClear ? failure : "unclassified",
        message: same === undefined ? message : `${same.message}, or ${message}`,
      });
    }
  }
  return pages;
}

const pages = pagesBySize();

/** Which of Kong's own answers has this status and size; undefined for a body that Kong did not write. */
export const kongPage = (status: number, bodyBytes: number): KongPage | undefined =>
  pages.get(`${status} ${bodyBytes}`);
