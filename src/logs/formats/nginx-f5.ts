import type { AccessFields, AccessFormat } from "./access-line.ts";
import { nginxLogFormat } from "./nginx-log-format.ts";

/**
 * Access log of NGINX Ingress Controller by F5 unless its ConfigMap has `log-format` (nginx/kubernetes-ingress
 * internal/configs/version1/nginx.tmpl, `log_format main`); also the `main` of the nginx.conf that nginx itself ships. The variables are nginx's, whose
 * escaping is known from real lines; the format itself is composed.
 *
 *     CLIENT - USER [ENDED] "REQUEST" STATUS BYTES "REFERER" "AGENT" "X-FORWARDED-FOR"
 *
 * It has no upstream and no duration: attempts come from the error log. A Service without endpoints has the server
 * `unix:/var/lib/nginx/nginx-502-server.sock` (internal/configs/virtualserver.go), so it answers 502. `server_tokens` stays on:
 * nginx's own pages are longer by "/VERSION" than with ingress-nginx (classify.ts allows for it).
 */
export const nginxF5: AccessFormat = { name: "nginx-f5", read };

const main = nginxLogFormat(
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for"',
);

function read(line: string): AccessFields | undefined {
  return isMain(line) ? main?.read(line) : undefined;
}

/** Four quoted fields, and nothing between the last three: nginx escapes the quotes inside values. */
function isMain(line: string): boolean {
  let quotes = 0;
  for (let at = line.indexOf('"'); at !== -1 && quotes <= 8; at = line.indexOf('"', at + 1)) quotes++;
  const agent = line.lastIndexOf('" "');
  const referer = line.lastIndexOf('" "', agent - 1);
  return quotes === 8 && line.endsWith('"') && agent - referer > 2 && referer > 0;
}
