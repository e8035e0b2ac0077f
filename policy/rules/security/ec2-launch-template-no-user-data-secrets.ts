import { credentialIn, looksSecret } from "../../../facts/credentials";
import { resourceRule } from "../../engine/define";
import { userDataOf } from "../../graph/capacity";
import { given } from "../../graph/graph";

const assignment = /(?:^\s*|\bexport\s+|\becho\s+["']?)(\w+)\s*=\s*["']?([^"'\s]*)/gm;

export default resourceRule({
  name: "ec2-launch-template-no-user-data-secrets",
  description: "User data holds no credentials.",
  controls: ["LT-06"],
  reason: "Every process on the instance, and everybody who may describe launch templates, can read user data.",
  fix: `// read the secret when it is needed: aws secretsmanager get-secret-value --secret-id ...`,
  settings: "transform",
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  concerns: (template) => given(template, "userData"),
  check(template, report) {
    const text = userDataOf(template);
    const kind = credentialIn(text);
    if (kind) report(`userData holds ${kind}`, "read it from Secrets Manager instead");
    for (const [, name = "", value = ""] of text.matchAll(assignment)) {
      if (looksSecret(name, value) && !value.startsWith("$")) report(`userData assigns ${name}`, "read it from Secrets Manager instead");
    }
  },
});
