import type { AccessFields, AccessFormat } from "./access-line.ts";
import { kongPage } from "./kong-pages.ts";
import { nginxLogFormat } from "./nginx-log-format.ts";

/**
 * Kong's access log since 3.5 (kong/templates/nginx_kong.lua `kong_log_format`): nginx's `combined` and the request id, which error-log lines carry too
 * (`lua_kong_error_log_request_id`). Composed from that file; its escaping is nginx's. No upstream and no duration: attempts come
 * from the error log, Kong's own answers are known by the size of their bodies.
 *
 *     CLIENT - USER [ENDED] "REQUEST" STATUS BYTES "REFERER" "AGENT" kong_request_id: "ID"
 */
export const kong: AccessFormat = { name: "kong", read };

const format = nginxLogFormat(
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" kong_request_id: "$request_id"',
);

const ending = /" kong_request_id: "[0-9A-Za-z-]{0,64}"$/;

function read(line: string): AccessFields | undefined {
  if (!line.endsWith('"') || !ending.test(line.slice(-100))) return undefined;
  const fields = format?.read(line);
  if (fields === undefined) return undefined;
  const page = fields.method === "HEAD" ? undefined : kongPage(fields.status, fields.bodyBytes);
  if (page === undefined) return fields;
  return {
    ...fields,
    failure: page.failure,
    origin: "gateway",
    originReason: `body of ${fields.bodyBytes} bytes is Kong's own: ${page.message}`,
    message: page.message,
  };
}
