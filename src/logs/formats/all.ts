import type { AccessFormat } from "./access-line.ts";
import { apisix } from "./apisix.ts";
import { awsAlb } from "./aws-alb.ts";
import { envoyText } from "./envoy-text.ts";
import { haproxy } from "./haproxy.ts";
import { ingressNginx } from "./ingress-nginx.ts";
import { jsonFormats } from "./json-formats.ts";
import { kong } from "./kong.ts";
import { nginxF5 } from "./nginx-f5.ts";
import { nginxLogFormat } from "./nginx-log-format.ts";
import { traefikClf, traefikGenericClf } from "./traefik-clf.ts";

/** ingress-nginx before 0.26 wrote the client twice and had no alternative upstream. */
const beforeAlternative =
  '$remote_addr - [$remote_addr] - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id';
const clientTwice =
  '$remote_addr - [$remote_addr] - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id';
const current = clientTwice.replace("[$remote_addr] - ", "");
const withoutAlternative = beforeAlternative.replace("[$remote_addr] - ", "");
const combined =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
const combinedAndMore = `${combined}$rest`;

/** Whether a declared log_format is the one that `ingressNginx` reads without a template. */
export const isDefaultFormat = (logFormat: string): boolean => logFormat.trim() === current;

const fromTemplate = (name: string, template: string): AccessFormat[] => {
  const format = nginxLogFormat(template, name);
  return format === undefined ? [] : [format];
};

/** What follows the user agent in a line of ingress-nginx's own; such a line that does not read was cut. */
const ownFields = /"[^"]*" \d+ [\d.]+ \[[^"]*$/;

const looseCombined = fromTemplate("nginx-combined", combinedAndMore).map((format): AccessFormat => ({
  name: format.name,
  read: (line) => (ownFields.test(line.slice(-4000)) ? undefined : format.read(line)),
}));

/** Formats that are tried in this order on every line that no declared format reads. */
export const builtInFormats: readonly AccessFormat[] = [
  ingressNginx,
  ...fromTemplate("ingress-nginx", clientTwice),
  ...fromTemplate("ingress-nginx", beforeAlternative),
  ...fromTemplate("ingress-nginx", withoutAlternative),
  jsonFormats,
  envoyText,
  awsAlb,
  haproxy,
  traefikClf,
  kong,
  apisix,
  nginxF5,
  ...looseCombined,
  traefikGenericClf,
];
