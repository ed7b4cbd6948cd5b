import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { GatewayName } from "../faults/fault.ts";
import { missingForHaproxy } from "../gateways/haproxy/requirements.ts";
import { missingForNginx } from "../gateways/nginx/requirements.ts";
import { namespaceFlags, pathWithSbin } from "./namespaces.ts";

/** Debian and Ubuntu packages. */
const packageOf: Readonly<Record<string, string>> = {
  unshare: "util-linux",
  nsenter: "util-linux",
  mount: "mount",
  ip: "iproute2",
  python3: "python3",
};

const missingFor: Readonly<Record<GatewayName, () => string | undefined>> = {
  nginx: missingForNginx,
  haproxy: missingForHaproxy,
};

const always = ["unshare", "nsenter", "mount", "ip"] as const;

/** What this machine lacks for a lab, each with what mends it; empty when it can run one. */
export function missingOnThisMachine(programs: readonly string[], gateway?: GatewayName): string[] {
  const path = pathWithSbin(process.env["PATH"]);
  const found = (program: string): boolean =>
    spawnSync("sh", ["-c", 'command -v "$0"', program], { env: { PATH: path }, stdio: "ignore" }).status ===
    0;
  const missing = [...new Set([...always, ...programs])]
    .filter((program) => !found(program))
    .map((program) => `${program} is not installed: apt-get install ${packageOf[program] ?? program}`);
  const noGateway = gateway === undefined ? undefined : missingFor[gateway]();
  if (noGateway !== undefined) missing.push(noGateway);
  if (missing.length > 0) return missing;
  const trial = spawnSync("unshare", [...namespaceFlags, "sh", "-c", trialScript], {
    env: { PATH: path },
    encoding: "utf8",
  });
  return trial.status === 0 ? [] : [namespaceRemedy(trial.stderr, readSetting)];
}

const trialScript = `ip link add br0 type bridge && ip link add veth1 type veth peer name veth2 &&
ip rule add pref 5 iif lo ipproto tcp dport 1-9 lookup 99 && unshare --net --mount --uts true`;

/** Value of a kernel setting, "kernel.unprivileged_userns_clone"; undefined where the kernel has none of that name. */
type ReadSetting = (name: string) => string | undefined;

const readSetting: ReadSetting = (name) => {
  try {
    return readFileSync(`/proc/sys/${name.replaceAll(".", "/")}`, "utf8").trim();
  } catch {
    return undefined;
  }
};

/** What a refused trial comes from, as far as the kernel's settings and the words of the programs tell. */
export function namespaceRemedy(said: string, setting: ReadSetting): string {
  const because = `(${said.trim().split("\n")[0] ?? ""})`;
  const forbidden: readonly (readonly [name: string, value: string, allow: string])[] = [
    ["kernel.unprivileged_userns_clone", "0", "1"],
    ["kernel.apparmor_restrict_unprivileged_userns", "1", "0"],
    ["user.max_user_namespaces", "0", "10000"],
    ["user.max_net_namespaces", "0", "10000"],
  ];
  const found = forbidden.find(([name, value]) => setting(name) === value);
  if (found !== undefined)
    return `namespaces are forbidden to users here ${because}: sudo sysctl -w ${found[0]}=${found[2]}`;
  if (/mount .*proc|\/proc/.test(said))
    return `/proc may not be mounted here ${because}: in a container, run it with --security-opt systempaths=unconfined`;
  if (/unshare/.test(said))
    return `namespaces are forbidden here ${because}: in a container, its seccomp profile must allow unshare (docker run --security-opt seccomp=unconfined)`;
  return `this kernel's network cannot hold a lab ${because}: it needs bridge, veth and routing rules by port (Linux 4.17; sudo modprobe -a bridge veth)`;
}
