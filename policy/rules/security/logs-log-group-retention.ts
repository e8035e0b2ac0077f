import { resourceRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";

const retention = (days: number) => ({
  ...ofTask(`logRetentionInDays: ${days}`),
  Network: `flowLogs: ${days}`,
  Cluster: `execLogRetentionInDays: ${days}`,
});

export default resourceRule({
  name: "logs-log-group-retention",
  description: "Log groups set a retention period.",
  controls: ["LOG-01"],
  reason: "By default they keep their logs forever, and you pay for them forever.",
  fix: `retentionInDays: 30`,
  settings: retention(30),
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  parameters: { minimumDays: { type: "integer", default: 1, minimum: 1, description: "Shortest retention, in days." } },
  check(group, report, { minimumDays }) {
    const days = group.props.retentionInDays ?? 0;
    if (days === 0)
      report(`retentionInDays is ${group.props.retentionInDays === undefined ? "not set" : 0}: its logs never expire`, "set it");
    else if (days < minimumDays)
      report(`retentionInDays is ${days}`, `set it to ${minimumDays} or more`, { settings: retention(minimumDays) });
  },
});
