// Services that no stack of Berth can take over: one sentence each, before anything is written.
import type { Service } from "@aws-sdk/client-ecs";
import { UserError } from "../../facts/errors";
import { windowsComplaint } from "../../facts/images";
import type { TaggedTask } from "./documents";

const CONTROLLERS: Record<string, [what: string, advice: string]> = {
  CODE_DEPLOY: [
    "is deployed by CodeDeploy, and a service keeps its deployment controller",
    "Move it to ECS's own deployments first (`aws ecs update-service --deployment-controller type=ECS`), then adopt it with rollout: blueGreen.",
  ],
  EXTERNAL: [
    "is deployed by something else, with task sets (deployment controller EXTERNAL)",
    "Make a service of Berth beside it, and move its traffic by weights of the listener rule.",
  ],
};

/** Throws where the service or its task definition is of a kind that Berth has not. */
export function refuse(name: string, task: TaggedTask, service: Service = {}): void {
  const because = (what: string, ...advice: string[]): never => {
    throw new UserError(`${name} ${what}; nothing was written.`, advice);
  };
  const [what, advice] = CONTROLLERS[service.deploymentController?.type ?? ""] ?? [];
  if (what !== undefined) because(what, advice!);
  const places = [...(task.requiresCompatibilities ?? []), ...(service.launchType ? [service.launchType] : [])];
  if (places.includes("EXTERNAL")) because("runs on instances outside of AWS (ECS Anywhere), which Berth has not");
  const family = task.runtimePlatform?.operatingSystemFamily || service.platformFamily || "LINUX";
  const images = (task.containerDefinitions ?? []).some(({ image = "" }) => windowsComplaint(image) !== undefined);
  if (!/^linux$/i.test(family) || images) because("runs on Windows, and tasks of Berth run Linux");
  if (task.proxyConfiguration)
    because(
      "is part of an App Mesh, which AWS has ended",
      "Let it call and be called by connect (ECS Service Connect) in place of the mesh.",
    );
  const classic = service.loadBalancers?.find(({ loadBalancerName }) => loadBalancerName !== undefined);
  if (classic)
    because(
      `is behind the classic load balancer ${classic.loadBalancerName}`,
      "Make an Application Load Balancer with a target group for it, move its traffic there, and adopt it then.",
    );
  if (task.networkMode === "host" || task.networkMode === "none")
    because(
      `is in ${task.networkMode} network mode; allowed: awsvpc, and on EC2 bridge`,
      "Register a revision in awsvpc or bridge mode, deploy it, and adopt the service then.",
    );
}
