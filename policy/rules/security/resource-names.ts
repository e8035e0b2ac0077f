import { parseUrn } from "../../../facts/urn";
import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "resource-names",
  description: "Physical names differ from stack to stack.",
  controls: ["GEN-04"],
  reason: "A constant name makes a replacement fail, because the old resource still has it, and a second stack too.",
  fix: `// leave name out: Pulumi makes one that is free; or name: \`\${pulumi.getProject()}-\${pulumi.getStack()}\``,
  settings: "transform",
  types: [
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:lb/targetGroup:TargetGroup",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:iam/role:Role",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ecr/repository:Repository",
  ],
  check(resource, report) {
    const { name, __defaults } = resource.props as { name?: string; __defaults?: string[] };
    if (!name) return;
    const { stack } = parseUrn(resource.urn);
    // The engine has filled in the names that Pulumi makes: it lists them, and they end in seven random characters.
    const made = __defaults?.includes("name") || /-[0-9a-f]{7}$/.test(name);
    if (!made && !name.toLowerCase().includes(stack.toLowerCase())) report(`the name "${name}" is the same in every stack`, "leave it out");
  },
});
