import { resourceRule } from "../../engine/define";
import { within } from "../../engine/remedies";

export default resourceRule({
  name: "lb-target-group-deregistration-delay",
  description: "Old targets are drained, but not for long.",
  controls: ["TG-04"],
  reason: "AWS's default adds five minutes to the end of each old task; no delay cuts the requests that it still serves.",
  fix: `deregistrationDelay: 15 // seconds; more for long-lived connections`,
  settings: { Service: "deregistrationDelay: 15" },
  types: ["aws:lb/targetGroup:TargetGroup"],
  parameters: {
    minimumSeconds: { type: "integer", default: 5, minimum: 0, maximum: 3600, description: "Shortest delay, in seconds." },
    maximumSeconds: { type: "integer", default: 60, minimum: 0, maximum: 3600, description: "Longest delay, in seconds." },
  },
  concerns: (group) => group.props.targetType !== "lambda",
  check(group, report, { minimumSeconds, maximumSeconds }) {
    const delay = Number(group.props.deregistrationDelay ?? 300);
    if (delay < minimumSeconds || delay > maximumSeconds)
      report(
        `deregistrationDelay is ${group.props.deregistrationDelay === undefined ? "not set (300)" : delay}`,
        `set it to ${minimumSeconds} to ${maximumSeconds} seconds`,
        { settings: { Service: `deregistrationDelay: ${within(15, minimumSeconds, maximumSeconds)}` } },
      );
  },
});
