import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "secretsmanager-secret-recovery",
  description: "A deleted secret can be restored for a week or more.",
  controls: ["SEC-05"],
  reason: "Without the recovery window a mistaken destroy loses the password for good.",
  fix: `recoveryWindowInDays: 30 // or leave it out; 0 is for stacks that come and go`,
  settings: "transform",
  types: ["aws:secretsmanager/secret:Secret"],
  parameters: { minimumDays: { type: "integer", default: 7, minimum: 0, maximum: 30, description: "Shortest recovery window, in days." } },
  check(secret, report, { minimumDays }) {
    const { recoveryWindowInDays: days = 30 } = secret.props;
    if (days < minimumDays) report(`recoveryWindowInDays is ${days}`, `set it to ${minimumDays} or more`);
  },
});
