import { resourceRule } from "../../engine/define";
import { each } from "../../graph/undecided";

export default resourceRule({
  name: "ec2-launch-template-encrypted-volumes",
  description: "The instances' volumes are encrypted, including the root volume.",
  controls: ["LT-03"],
  reason: "Whether a volume that the template does not mention is encrypted depends on an account setting that others can change.",
  fix: `blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 30, volumeType: "gp3", encrypted: "true" } }]`,
  settings: "transform",
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  check(template, report) {
    const mappings = template.props.blockDeviceMappings ?? [];
    if (!mappings.some((m) => m.ebs)) report("the root volume is not in blockDeviceMappings", "declare it, encrypted");
    each(mappings, (m) => {
      if (m.ebs && String(m.ebs.encrypted) !== "true")
        report(`the volume ${m.deviceName ?? ""} is not encrypted`, 'set ebs.encrypted to "true"');
    });
  },
});
