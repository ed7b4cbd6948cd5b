import type { Location } from "./configuration.ts";
import { failureHeaders } from "./location-template.ts";
import { quoted } from "./quote.ts";

const nameOf = (backend: string, code: string): string => `@custom_${backend}_${code}`;

/** Sends answers with these codes to a backend of their own. */
export const customErrorTargets = (backend: string, codes: readonly string[]): string[] =>
  codes.map((code) => `error_page ${code} = ${nameOf(backend, code)};`);

/** The locations that those answers come from (nginx.tmpl, CUSTOM_ERRORS). */
export function customErrors(locations: readonly Location[], globalCodes: readonly string[] = []): string[] {
  const wanted = new Map<string, readonly [backend: string, code: string]>();
  for (const code of globalCodes)
    wanted.set(`upstream-default-backend ${code}`, ["upstream-default-backend", code]);
  for (const { errorBackend, settings } of locations)
    for (const code of settings.customHttpErrors) wanted.set(`${errorBackend} ${code}`, [errorBackend, code]);
  return [...wanted.values()].flatMap(([backend, code]) => [
    `location ${nameOf(backend, code)} {`,
    "  internal;",
    '  log_by_lua_block { require("monitor").call() }',
    "  proxy_intercept_errors off;",
    ...failureHeaders(code).map((line) => `  ${line}`),
    "  proxy_set_header X-Request-ID $req_id;",
    "  proxy_set_header X-Forwarded-For $remote_addr;",
    "  proxy_set_header Host $http_host;",
    `  set $proxy_upstream_name ${quoted(backend)};`,
    "  rewrite (.*) / break;",
    "  proxy_pass http://upstream_balancer;",
    "}",
  ]);
}
