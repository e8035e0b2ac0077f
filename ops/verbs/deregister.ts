import type { Io } from "../io";
import { connect, type LocationOptions } from "../locate";
import { familyOf, plural } from "../names";

export interface DeregisterOptions extends LocationOptions {
  family: string;
}

/** Deregisters every revision of a task definition: what `pulumi destroy` runs at the end, because replaced revisions stay registered for rollbacks. */
export async function deregister({ family, ...options }: DeregisterOptions, io: Io): Promise<number> {
  const ecs = connect(options, io).ecs();
  let count = 0;
  for (;;) {
    // Always the first page: a deregistered revision is gone from it.
    const { taskDefinitionArns = [] } = await ecs.listTaskDefinitions({ familyPrefix: family, status: "ACTIVE" });
    const ours = taskDefinitionArns.filter((arn) => familyOf(arn) === family);
    if (ours.length === 0) break;
    for (const taskDefinition of ours) await ecs.deregisterTaskDefinition({ taskDefinition });
    count += ours.length;
  }
  io.err(`Deregistered ${plural(count, "revision")} of ${family}.\n`);
  return 0;
}
