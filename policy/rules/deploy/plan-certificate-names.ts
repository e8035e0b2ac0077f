import { stackRule } from "../../engine/define";

export default stackRule({
  name: "plan-certificate-names",
  category: "deploy",
  severity: "high",
  description: "Every name of a certificate that DNS validates has a validation record.",
  reason: "AWS issues the certificate only when all its names are validated; the update waits for that until it times out.",
  fix: `validationRecordFqdns: records.map((record) => record.fqdn) // one for each of domainValidationOptions`,
  settings: { LoadBalancer: "domain: app.example.com" },
  types: ["aws:acm/certificateValidation:CertificateValidation"],
  concerns: (validation, graph) => graph.refs(validation, "certificateArn", "aws:acm/certificate:Certificate").length > 0,
  check(validation, graph, report) {
    const records = validation.props.validationRecordFqdns;
    const [certificate] = graph.refs(validation, "certificateArn", "aws:acm/certificate:Certificate");
    if (!records || !certificate) return;
    const { domainName = "", subjectAlternativeNames = [] } = certificate.props;
    // A wildcard is validated by the record of the name that it is below.
    const names = new Set([domainName, ...subjectAlternativeNames].map((name) => name.replace(/^\*\./, "")));
    if (records.length < names.size)
      report(
        `${certificate.name} has ${names.size} names to validate, and this waits for ${records.length} validation ${records.length === 1 ? "record" : "records"}`,
        "create a record for each name",
      );
  },
});
