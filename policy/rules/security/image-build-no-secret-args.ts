import { secretName } from "../../../facts/credentials";
import { SECRET } from "../../../facts/graph";
import { stackRule } from "../../engine/define";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "image-build-no-secret-args",
  description: "Build arguments hold no secrets, and registry passwords are Pulumi secrets.",
  controls: ["IMG-03"],
  reason: "Build arguments stay readable in the image's history; a password that is not a Pulumi secret is readable in the Pulumi state.",
  fix: `secrets: { NPM_TOKEN: token } // RUN --mount=type=secret,id=NPM_TOKEN ...`,
  settings: { AppImage: "secrets" },
  types: ["docker-build:index:Image", "docker:index/image:Image"],
  check(image, graph, report) {
    const args = image.type === "docker-build:index:Image" ? image.props.buildArgs : image.props.build?.args;
    for (const name of Object.keys(args ?? {}))
      if (secretName(name)) report(`the build argument ${name} looks like a secret`, "pass it in secrets");
    // The engine shows secrets in plain text; only a recording marks them.
    if (!graph.recording || image.type !== "docker-build:index:Image") return;
    each(image.props.registries, ({ address, password }) => {
      if (password !== undefined && password !== SECRET)
        report(`the password for ${address} is not a Pulumi secret`, "wrap it in pulumi.secret()", { settings: "transform" });
    });
  },
});
