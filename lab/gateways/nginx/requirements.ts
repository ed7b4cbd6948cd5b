import { existsSync } from "node:fs";
import { join } from "node:path";

const folders = ["/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/share/nginx/modules"];
const modules = ["ndk_http_module.so", "ngx_http_lua_module.so"];
const hasAll = (folder: string): boolean => modules.every((file) => existsSync(join(folder, file)));

/** Where this machine's nginx keeps its modules. */
export const modulesFolder = folders.find(hasAll) ?? folders[0]!;

/** What the nginx gateway lacks on this machine, with what mends it; undefined when it lacks nothing. */
export function missingForNginx(): string | undefined {
  const path = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];
  const hasNginx = path.some((folder) => existsSync(join(folder, "nginx")));
  if (hasNginx && folders.some(hasAll)) return undefined;
  const what = hasNginx ? "nginx is here without its Lua module" : "nginx is not installed";
  return `${what}: apt-get install nginx libnginx-mod-http-lua`;
}
