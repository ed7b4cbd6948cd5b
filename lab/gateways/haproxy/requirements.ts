import { existsSync } from "node:fs";
import { join } from "node:path";

const folders = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];

/** What the HAProxy gateway lacks on this machine, with what mends it; undefined when it lacks nothing. */
export const missingForHaproxy = (): string | undefined =>
  folders.some((folder) => existsSync(join(folder, "haproxy")))
    ? undefined
    : "haproxy is not installed: apt-get install haproxy";
