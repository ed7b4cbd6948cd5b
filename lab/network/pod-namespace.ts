import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { macOf, plan } from "./addresses.ts";
import { localTableLast, lostRoute } from "./rules.ts";

/** The namespaces of one pod (network, mounts, host name), held by a process that only sleeps. */
export interface PodNamespace {
  readonly pid: number;
  /** End of the pod's cable in the root namespace; gone when the pod is. */
  readonly device: string;
  /** Ends the process; the namespaces live on as long as a program of the pod does. */
  release(): Promise<void>;
}

export interface PodAddress {
  readonly namespace: string;
  readonly name: string;
  readonly address: string;
  /** Address of the node, and way out. */
  readonly node: string;
}

/** Files of /etc that a pod sees instead of the machine's, if the machine has them. */
const filesOf = ({ namespace, name, address }: PodAddress): Record<string, string> => ({
  // kubernetes/kubernetes pkg/kubelet/network/dns/dns.go, ClusterFirst.
  "resolv.conf": `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver ${plan.dns}\noptions ndots:5\n`,
  hosts: `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n${address}\t${name}\n`,
  // Without it a machine's own resolver may be asked over a socket file, past the pod's network.
  "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
});

const setup = (pod: PodAddress, device: string): string[] => [
  // The pair is made from inside: one end is already where it belongs.
  `link add eth0 address ${macOf(pod.address)} type veth peer name ${device} netns ${process.pid}`,
  "link set lo up",
  `addr add ${pod.address}/32 dev eth0`,
  "link set eth0 up",
  // On one wire with everyone: an address that nobody has is unreachable after three unanswered ARP requests.
  ...[plan.nodes, plan.pods, plan.services, ...plan.outside].map(
    (range) => `route add ${range} dev eth0 src ${pod.address}`,
  ),
  `route add default via ${pod.node} dev eth0`,
  ...localTableLast,
  ...lostRoute,
];

const script = `
for file in resolv.conf hosts nsswitch.conf; do
  [ ! -e /etc/$file ] || mount --bind "$1/$file" /etc/$file || exit 1
done
hostname "$2" 2>/dev/null
ip -batch "$1/setup" || exit 1
echo up
exec sleep 2147483647`;

/** @throws Error with what was said on stderr */
export async function openPodNamespace(
  pod: PodAddress,
  device: string,
  folder: string,
): Promise<PodNamespace> {
  await mkdir(folder, { recursive: true });
  const files = { ...filesOf(pod), setup: `${setup(pod, device).join("\n")}\n` };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  const args = ["--net", "--mount", "--uts", "--", "sh", "-c", script, "sh", folder, pod.name];
  const holder = spawn("unshare", args, { stdio: ["ignore", "pipe", "pipe"] });
  await firstOutput(holder);
  const ended = new Promise<void>((resolve) => holder.once("close", () => resolve()));
  return {
    pid: holder.pid!,
    device,
    release: () => {
      holder.kill("SIGKILL");
      return ended;
    },
  };
}

/** Resolves at the first output of a program on stdout. */
function firstOutput(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.on("data", (text: Buffer) => (said += text.toString()));
    child.once("error", reject);
    child.once("close", () => reject(new Error(`a pod's namespace could not be made: ${said.trim()}`)));
    child.stdout?.once("data", () => resolve());
  });
}
