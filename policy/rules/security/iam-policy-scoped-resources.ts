import { resourceRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";
import { given } from "../../graph/graph";
import { eachGrant, policyTypes } from "../../graph/iam";

// Actions that AWS cannot limit to a resource. List and Describe actions are recognized by name.
const unscoped = [
  "cloudwatch:PutMetricData",
  "ec2:DescribeTags",
  "ecr:GetAuthorizationToken",
  "ecs:DiscoverPollEndpoint",
  "logs:DescribeLogGroups",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
  "sts:GetCallerIdentity",
  "xray:GetSamplingRules",
  "xray:GetSamplingStatisticSummaries",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

export default resourceRule({
  name: "iam-policy-scoped-resources",
  description: "Policies name resources wherever AWS can limit an action to one.",
  controls: ["IAM-03"],
  reason: '"Every resource" includes those of other stacks in the account.',
  fix: `Resource: [queue.arn] // instead of "*"`,
  settings: ofTask("permissions"),
  types: policyTypes,
  parameters: {
    actions: { type: "array", items: { type: "string" }, default: unscoped, description: "Actions that may be allowed on every resource." },
  },
  concerns: (holder) => holder.type !== "aws:iam/role:Role" || given(holder, "inlinePolicies"),
  check(holder, report, { actions }) {
    const free = new Set(actions.map((a) => a.toLowerCase()));
    eachGrant(holder, (s, label) => {
      if (!s.resources.includes("*")) return;
      const wide = s.actions.filter((a) => !free.has(a.toLowerCase()) && !/^[a-z0-9-]+:(list|describe)[a-z0-9*]*$/i.test(a));
      if (wide.length > 0) report(`${label} allows ${wide.join(", ")} on every resource`, "name the resources");
    });
  },
});
