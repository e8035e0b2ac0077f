// A stack in the environment that runs: its network, its cluster and its load balancer stay where they are, and the services with them.
import type { Path } from "../ledger";
import type { Stack } from "./environment";
import type { Manifest } from "./manifest";
import type { Deployed } from "./stacks";

const STAYS = "the environment has it, and stays as it is";

/** Names what the environment has. */
export function existing(manifest: Manifest, { tasks, needs, isInternal }: Stack, deployed: Deployed): void {
  const { partition, region, account, outputs } = deployed;
  const set = (setting: Path, value: unknown) => manifest.set(setting, value);
  const ids = (output: string) => (outputs[output] ?? "").split(",").filter((id) => id !== "");
  set(["network", "existing", "vpcId"], outputs.VpcId);
  for (const kind of ["Public", "Private"]) {
    const subnets = ids(`${kind}Subnets`);
    if (subnets.length > 0) set(["network", "existing", `${kind.toLowerCase()}SubnetIds`], subnets);
  }
  const arn = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
  set(["cluster", "existing", "clusterArn"], arn("ecs", `cluster/${outputs.ClusterId}`));
  const namespace = outputs.ServiceDiscoveryNamespaceID;
  if (needs.some((one) => one.hasName)) set(["cluster", "existing", "dnsNamespace"], { id: namespace, name: manifest.namespace });
  if (tasks.some((task) => task.manifest.read(["network", "connect"])))
    set(["cluster", "existing", "namespaceArn"], arn("servicediscovery", `namespace/${namespace}`));
  const listener = isInternal ? "Internal" : "";
  const listenerArn = outputs[`${listener}HTTPSListenerArn`] ?? outputs[`${listener}HTTPListenerArn`];
  if (needs.some((one) => one.isRouted) && listenerArn !== undefined) set(["loadBalancer", "existing", "listenerArn"], listenerArn);
  for (const { manifest: its, setting } of tasks) {
    const groups = manifest.setting([...setting, "securityGroups"]);
    if (its.read(["network", "vpc", "security_groups", "deny_default"]) !== true)
      set([...setting, "securityGroups"], [outputs.EnvironmentSecurityGroup, ...(Array.isArray(groups) ? groups : [])]);
  }
  for (const key of manifest.keys([])) manifest.same([key], STAYS);
}
