// Which machine image an instance of a group starts from. No Pulumi here.
import type { Architecture, Fleet } from "../../facts/instances";
import type { AmiFamily } from "./user-data";

/** The parameter under which AWS publishes the newest AMI for ECS. */
export function amiParameter(family: AmiFamily, architecture: Architecture, gpu: boolean): string {
  if (family === "bottlerocket") return `/aws/service/bottlerocket/aws-ecs-2${gpu ? "-nvidia" : ""}/${architecture}/latest/image_id`;
  const variant = gpu ? "gpu/" : architecture === "arm64" ? "arm64/" : "";
  return `/aws/service/ecs/optimized-ami/amazon-linux-2023/${variant}recommended/image_id`;
}

/** AWS builds its AMIs for ECS and GPUs on Amazon Linux 2023 for x86_64 only: it would not start on ARM's. What is wrong; undefined if nothing is. */
export function amiComplaint(family: AmiFamily, ami: string, { known, architecture }: Fleet): string | undefined {
  const gpu = known.find((facts) => facts.gpus > 0);
  return gpu && architecture === "arm64" && family === "al2023" && !ami.startsWith("ami-")
    ? `AWS has no Amazon Linux 2023 with GPUs for arm64 (${gpu.name}); set amiFamily: bottlerocket, or choose x86_64 types such as g5.xlarge.`
    : undefined;
}
