import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ec2-launch-template-imdsv2",
  description: "Instances answer only version 2 metadata requests, and only from the instance itself.",
  controls: ["LT-01", "LT-02"],
  reason:
    "With version 1 a request forged through an app reads the credentials of the instance's role; with more than one hop a container can read them.",
  fix: `metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 }`,
  settings: "transform",
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  check(template, report) {
    const { httpEndpoint, httpTokens, httpPutResponseHopLimit: hops = 1 } = template.props.metadataOptions ?? {};
    if (httpEndpoint === "disabled") return;
    if (httpTokens !== "required")
      report(`metadataOptions.httpTokens is ${httpTokens ? `"${httpTokens}"` : "not set"}`, 'set it to "required"');
    if (hops !== 1) report(`metadataOptions.httpPutResponseHopLimit is ${hops}`, "set it to 1");
  },
});
