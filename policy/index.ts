import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules";
import { configOfStack } from "./stack-file";

// The only file that starts the pack: importing it opens the server that the engine asks. Everything else is plain data.
new PolicyPack(
  "berth",
  {
    policies: [...rules],
    description: "What a container on Amazon ECS should keep to.",
    provider: "aws",
    tags: ["ecs", "security"],
  },
  configOfStack(rules),
);
