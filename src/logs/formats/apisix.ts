import type { AccessFields, AccessFormat } from "./access-line.ts";
import { nginxLogFormat } from "./nginx-log-format.ts";

/**
 * Apache APISIX's access log (apisix/cli/config.lua `access_log_format`), with the request id that later releases add and without. Composed from that
 * file; the lists and their trailing empty group (`502, 502 : `, after an internal redirect that reached no upstream) are
 * nginx's (src/http/ngx_http_upstream.c).
 *
 *     CLIENT - USER [ENDED] HOST "REQUEST" STATUS BYTES SECONDS "REFERER" "AGENT" ADDRESSES STATUSES SECONDS "UPSTREAM URL" "ID"
 */
export const apisix: AccessFormat = { name: "apisix", read };

const common =
  '$remote_addr - $remote_user [$time_local] $http_host "$request" $status $body_bytes_sent $request_time "$http_referer" "$http_user_agent" $upstream_addr $upstream_status $upstream_response_time "$upstream_url"';

const withId = nginxLogFormat(`${common} "$request_id"`);
const withoutId = nginxLogFormat(common);

const idEnding = /" "[0-9A-Za-z-]{0,128}"$/;

/** Pages of OpenResty ("openresty" for "nginx") and the same with the line "Powered by APISIX" below; sizes by arithmetic. */
const ownPages: Readonly<Record<number, readonly number[]>> = {
  500: [174, 249],
  502: [154, 229],
  503: [194, 269],
  504: [164, 239],
};

function read(line: string): AccessFields | undefined {
  if (!line.endsWith('"')) return undefined;
  const hasId = idEnding.test(line.slice(-140));
  if (!hasId && !line.includes("://", line.lastIndexOf(' "'))) return undefined;
  const fields = (hasId ? withId : withoutId)?.read(line);
  if (fields === undefined || fields.durationMs === undefined) return undefined;
  return isOwn(fields) ? withOrigin(fields) : fields;
}

const isOwn = ({ status, bodyBytes }: AccessFields): boolean =>
  ownPages[status]?.includes(bodyBytes) === true;

/** `$upstream_response_length` is not logged: without this a page of APISIX's own would pass for the server's. */
function withOrigin(fields: AccessFields): AccessFields {
  const last = fields.attempts.at(-1);
  if (last !== undefined && last.status === fields.status) last.failure = "unclassified";
  return {
    ...fields,
    failure: "unclassified",
    origin: "gateway",
    originReason: `body of ${fields.bodyBytes} bytes is the gateway's own page`,
  };
}
