import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, untilOpen } from "./listening.ts";

export const hasNginx = spawnSync("nginx", ["-v"]).status === 0;

/** A running nginx on loopback, with its logs. */
export interface Nginx {
  readonly port: number;
  accessLog(name?: string): string;
  errorLog(): string;
  stop(): Promise<void>;
}

export interface NginxOptions {
  /** Inside `http {}`. */
  readonly http?: string;
  /** Inside `server {}`. */
  readonly server: string;
  readonly workerConnections?: number;
}

const accessFormat =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id';

/** The same with connect and header times, in JSON. */
export const timedFormat =
  '{"ts":"$msec","client":"$remote_addr","request":"$request","status":$status,"bytes":$body_bytes_sent,"time":$request_time,"name":"$proxy_upstream_name","addr":"$upstream_addr","ustatus":"$upstream_status","utime":"$upstream_response_time","uconnect":"$upstream_connect_time","uheader":"$upstream_header_time","ulength":"$upstream_response_length","ureceived":"$upstream_bytes_received","agent":"$http_user_agent"}';

export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const dir = mkdtempSync(join(tmpdir(), "why5xx-nginx-"));
  const port = await freePort();
  writeFileSync(join(dir, "nginx.conf"), config(options, dir, port));
  const child = spawn("nginx", ["-p", dir, "-e", join(dir, "error.log"), "-c", join(dir, "nginx.conf")], {
    stdio: "ignore",
  });
  await untilOpen(port, child);
  const read = (name: string): string => readFileSync(join(dir, name), "latin1");
  return {
    port,
    accessLog: (name = "access.log") => read(name),
    errorLog: () => read("error.log"),
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function config(options: NginxOptions, dir: string, port: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${dir}/${name};`,
  );
  return `
daemon off; master_process off; worker_processes 1; pid ${dir}/nginx.pid;
error_log ${dir}/error.log notice;
events { worker_connections ${options.workerConnections ?? 256}; }
http {
  ${temporary.join(" ")}
  map $http_x_request_id $req_id { default $http_x_request_id; "" $request_id; }
  log_format upstreaminfo '${accessFormat}';
  log_format timed escape=json '${timedFormat}';
  log_format combinedplus '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
  access_log ${dir}/access.log upstreaminfo;
  access_log ${dir}/timed.log timed;
  access_log ${dir}/combined.log combinedplus;
  server_tokens off;
  proxy_connect_timeout 1s; proxy_read_timeout 1s; proxy_send_timeout 1s; proxy_buffer_size 4k;
  proxy_next_upstream_tries 3;
  ${options.http ?? ""}
  server {
    listen 127.0.0.1:${port};
    set $proxy_upstream_name "shop-web-80";
    set $proxy_alternative_upstream_name "";
    ${options.server}
  }
}`;
}
