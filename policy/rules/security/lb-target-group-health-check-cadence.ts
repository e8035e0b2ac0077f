import { resourceRule } from "../../engine/define";
import { within } from "../../engine/remedies";

export default resourceRule({
  name: "lb-target-group-health-check-cadence",
  description: "Health checks are frequent, and few of them decide.",
  controls: ["TG-02", "TG-03"],
  reason:
    "A new task serves after its first passed check: a deploy waits for the interval. An unhealthy one serves until it has failed enough checks.",
  fix: `healthCheck: { interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 3 }`,
  settings: { Service: "healthCheck.interval: 10" },
  types: ["aws:lb/targetGroup:TargetGroup"],
  parameters: {
    minimumInterval: { type: "integer", default: 5, minimum: 5, maximum: 300, description: "Shortest interval, in seconds." },
    maximumInterval: { type: "integer", default: 15, minimum: 5, maximum: 300, description: "Longest interval, in seconds." },
  },
  concerns: (group) => group.props.targetType !== "lambda",
  check(group, report, { minimumInterval, maximumInterval }) {
    const { interval = 30, timeout, healthyThreshold: healthy, unhealthyThreshold: unhealthy } = group.props.healthCheck ?? {};
    if (interval < minimumInterval || interval > maximumInterval)
      report(`healthCheck.interval is ${interval} seconds`, `set it to ${minimumInterval} to ${maximumInterval}`, {
        settings: { Service: `healthCheck.interval: ${within(10, minimumInterval, maximumInterval)}` },
      });
    if (timeout !== undefined && timeout >= interval)
      report(`healthCheck.timeout is ${timeout} seconds`, `make it shorter than the interval of ${interval}`, {
        settings: { Service: `healthCheck.timeout: ${within(5, 2, interval - 1)}` },
      });
    if (!isWithin(healthy, 2, 3))
      report(`healthCheck.healthyThreshold is ${healthy ?? "not set"}`, "set it to 2 or 3", {
        settings: { Service: "healthCheck.healthyThreshold: 2" },
      });
    if (!isWithin(unhealthy, 2, 5))
      report(`healthCheck.unhealthyThreshold is ${unhealthy ?? "not set"}`, "set it to 2 to 5", {
        settings: { Service: "healthCheck.unhealthyThreshold: 3" },
      });
  },
});

function isWithin(value: number | undefined, from: number, to: number): boolean {
  return value !== undefined && value >= from && value <= to;
}
