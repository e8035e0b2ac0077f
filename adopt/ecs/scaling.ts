// How the number of a service's tasks follows the load, as settings.
import type { ScalableTarget, ScalingPolicy, ScheduledAction } from "@aws-sdk/client-application-auto-scaling";
import { defaultOf } from "../../settings/complaints";
import type { Ledger, Path } from "../ledger";
import { withoutEmpty } from "./documents";
import { Part, sameAll } from "./part";

/** What Application Auto Scaling knows of a service. */
export interface ScalingOf {
  target: ScalableTarget;
  policies: readonly ScalingPolicy[];
  actions: readonly ScheduledAction[];
}

/** The settings of metrics that Auto Scaling knows by name. */
export const METRICS: Record<string, string> = {
  ECSServiceAverageCPUUtilization: "cpu",
  ECSServiceAverageMemoryUtilization: "memory",
  ALBRequestCountPerTarget: "requests",
};
const COOLDOWNS = [
  ["ScaleOutCooldown", "scaleOutCooldown"],
  ["ScaleInCooldown", "scaleInCooldown"],
] as const;
/** What AWS waits where a policy does not say it. */
const AWS_COOLDOWN = 300;

export function translateScaling(ledger: Ledger, { target, policies, actions }: ScalingOf, to: Path): void {
  const read = withoutEmpty(target);
  const part = new Part(ledger.source("scaling", read), [], read, to);
  sameAll(
    part,
    ["ServiceNamespace", "ResourceId", "ScalableDimension", "RoleARN", "CreationTime", "ScalableTargetARN", "PredictedCapacity"],
    "AWS's answer",
  );
  part.at("MinCapacity")?.take("min");
  part.at("MaxCapacity")?.take("max");
  const suspended = part.at("SuspendedState");
  if (Object.values(suspended?.value ?? {}).includes(true))
    suspended!.leave("Scaling is suspended: resume it, or give a fixed desiredCount.");
  else suspended?.same("off");
  const taken = new Set(policies.map((one) => translatePolicy(ledger, one, to)));
  for (const metric of ["cpu", "memory"]) if (!taken.has(metric)) part.kept(metric, metric, false);
  for (const action of actions) {
    const its = withoutEmpty(action);
    ledger
      .source(`scheduled action ${action.ScheduledActionName}`, its)
      .leave(
        [],
        `It runs on: write its hours as scaling.schedule, such as "weekdays 08:00-20:00 UTC: 4..20", then delete it (\`aws application-autoscaling delete-scheduled-action\`).`,
      );
  }
}

/** Returns the metric that is a setting now. */
function translatePolicy(ledger: Ledger, policy: ScalingPolicy, to: Path): string | undefined {
  const read = withoutEmpty(policy);
  const source = ledger.source(`scaling policy ${policy.PolicyName}`, read);
  const tracking = new Part(source, [], read, to).at("TargetTrackingScalingPolicyConfiguration");
  const its = tracking?.at("PredefinedMetricSpecification");
  const metric = METRICS[its?.value.PredefinedMetricType ?? ""];
  if (metric === undefined || !tracking) {
    source.leave(
      [],
      "It stays as it is, and no stack manages it; metrics of CloudWatch have settings (scaling.metrics): write them there, and delete it then.",
    );
    return undefined;
  }
  const part = new Part(source, [], read, to);
  sameAll(
    part,
    ["PolicyARN", "PolicyName", "ServiceNamespace", "ResourceId", "ScalableDimension", "PolicyType", "Alarms", "CreationTime"],
    "AWS's answer",
  );
  its!.same(`scaling.${metric}`);
  tracking.at("TargetValue")?.take(metric);
  const inward = tracking.at("DisableScaleIn");
  if (inward?.value) inward.change("tasks are taken away again when the load falls");
  else inward?.same("off");
  for (const [key, setting] of COOLDOWNS) {
    const one = tracking.at(key);
    const before = ledger.get([...to, setting]) ?? defaultOf([...to, setting]);
    if (one) one.takeUnless(before, setting);
    else tracking.kept(key, setting, AWS_COOLDOWN);
  }
  return metric;
}
