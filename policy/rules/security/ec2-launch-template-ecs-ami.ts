import { stackRule } from "../../engine/define";
import { runsTasks } from "../../graph/capacity";

const ecsImages = /^\/aws\/service\/(ecs|bottlerocket)\//;

export default stackRule({
  name: "ec2-launch-template-ecs-ami",
  description: "Instances start from the AMI that AWS recommends for ECS, looked up by its SSM parameter.",
  controls: ["LT-11"],
  reason: "An AMI id in code goes out of date unnoticed; an AMI found by name alone may be published by anybody.",
  fix: `imageId: aws.ssm.getParameterOutput({ name: "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id" }).value`,
  settings: { Ec2Capacity: "ami: follow" },
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  concerns: runsTasks,
  check(template, graph, report) {
    const { imageId } = template.props;
    if (imageId === undefined) report("imageId is not set", "use the ECS-optimized AMI");
    else if (imageId.startsWith("resolve:ssm:") && !ecsImages.test(imageId.slice("resolve:ssm:".length)))
      report(`imageId is "${imageId}", which is not a parameter of AWS's ECS images`, "use /aws/service/ecs/optimized-ami/...");
    // Only a recording tells where an id came from.
    const invokes = graph.recording?.invokes;
    if (!invokes || !imageId?.startsWith("ami-")) return;
    const byParameter = invokes.some((i) => i.token === "aws:ssm/getParameter:getParameter" && ecsImages.test(String(i.args.name)));
    const byOwner = invokes.some((i) => i.token === "aws:ec2/getAmi:getAmi" && Array.isArray(i.args.owners) && i.args.owners.length > 0);
    if (!byParameter && !byOwner) report(`imageId is "${imageId}", an AMI that nothing looks up`, "look it up by its SSM parameter");
  },
});
