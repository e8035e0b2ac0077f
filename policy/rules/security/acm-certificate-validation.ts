import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";

const algorithms = ["RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"];

export default stackRule({
  name: "acm-certificate-validation",
  description: "Certificates are validated by DNS, which renews them automatically, and have strong keys.",
  controls: ["ACM-01"],
  reason: "A certificate validated by email expires when nobody answers the renewal email.",
  fix: `new aws.acm.Certificate("web", { domainName, validationMethod: "DNS" }) // and a CertificateValidation`,
  settings: "transform",
  types: ["aws:acm/certificate:Certificate"],
  concerns: (certificate) => !given(certificate, "privateKey") && !given(certificate, "certificateAuthorityArn"),
  check(certificate, graph, report) {
    const { validationMethod, keyAlgorithm = "RSA_2048", options } = certificate.props;
    if (validationMethod !== "DNS")
      report(`validationMethod is ${validationMethod ? `"${validationMethod}"` : "not set"}`, 'set it to "DNS"');
    if (!algorithms.includes(keyAlgorithm)) report(`keyAlgorithm is "${keyAlgorithm}"`, `use one of ${algorithms.join(", ")}`);
    if (options?.certificateTransparencyLoggingPreference === "DISABLED")
      report("certificate transparency logging is off, and browsers refuse such a certificate", "remove the option");
    if (certificate.opts.deleteBeforeReplace)
      report("deleteBeforeReplace takes the certificate away while listeners use it", "remove the option");
    if (graph.referrers(certificate, "aws:acm/certificateValidation:CertificateValidation", "certificateArn").length === 0)
      report("nothing waits for its validation", "add a CertificateValidation");
  },
});
