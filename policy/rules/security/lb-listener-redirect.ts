import { stackRule } from "../../engine/define";
import { listenerRulesOf, protocolOf } from "../../graph/balancers";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "lb-listener-redirect",
  description: "HTTP listeners only redirect to HTTPS.",
  controls: ["LB-06", "LB-07"],
  reason: "A client that uses HTTP must be sent to HTTPS before it sends anything that matters.",
  fix: `defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }]`,
  settings: { LoadBalancer: "domain: app.example.com" },
  types: ["aws:lb/listener:Listener"],
  concerns: (listener) => protocolOf(listener) === "HTTP",
  check(listener, graph, report) {
    const { type, redirect } = listener.props.defaultActions?.[0] ?? {};
    if (type !== "redirect") report(`it answers HTTP with the action "${type}"`, "redirect to HTTPS");
    else if ((redirect?.protocol ?? "#{protocol}") !== "HTTPS") report("it redirects, but not to HTTPS", "set redirect.protocol to HTTPS");
    else if (!["HTTP_301", "HTTP_308"].includes(redirect?.statusCode ?? ""))
      report(`it redirects with ${redirect?.statusCode}`, "use HTTP_301, which clients remember");
    for (const rule of listenerRulesOf(listener, graph)) {
      each(rule.props.actions, (action) => {
        if (action.type !== "redirect") report(`the rule ${rule.name} answers HTTP with the action "${action.type}"`, "redirect to HTTPS");
      });
    }
  },
});
