import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "logs-log-group-retention",
  description: "Log groups state how long they keep their lines.",
  controls: ["LOG-01"],
  reason: "By default they keep them forever, and you pay for it forever.",
  fix: `retentionInDays: 30`,
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  parameters: { minimumDays: { type: "integer", default: 1, minimum: 1, description: "Shortest retention, in days." } },
  check(group, report, { minimumDays }) {
    const days = group.props.retentionInDays ?? 0;
    if (days === 0)
      report(`retentionInDays is ${group.props.retentionInDays === undefined ? "not set" : 0}: its lines never expire`, "set it");
    else if (days < minimumDays) report(`retentionInDays is ${days}`, `set it to ${minimumDays} or more`);
  },
});
