import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AppImage, type AppImageArgs } from "../../../components/image/image";
import { deploy, refusal } from "../../helpers/deploy";
import { containers, rightsName, statements } from "../../helpers/service";
import { makeService, VARIANT_NAMES } from "../../helpers/variants";

const LOGIN = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:registry-AbCdEf";
const KEY = "arn:aws:kms:eu-west-3:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const PRIVATE = { imageUri: "ghcr.io/acme/web:1.4.0", registryCredentials: LOGIN };
const refused = (args: AppImageArgs) => refusal(() => new AppImage("web", args));

describe("an image in a private registry", () => {
  for (const variant of VARIANT_NAMES)
    it(`is pulled with its login, which the execution role of a ${variant} may read`, async () => {
      const made = await deploy(() =>
        makeService(variant, {
          image: new AppImage("web", PRIVATE),
          sidecars: {
            agent: { image: new AppImage("agent", { ...PRIVATE, imageUri: "ghcr.io/acme/agent:1" }) },
            plain: { image: "plain:1" },
          },
          secretsKmsKeyArns: [KEY],
        }),
      );
      assert.deepEqual(
        containers(made).map((one) => one.repositoryCredentials),
        [{ credentialsParameter: LOGIN }, undefined, { credentialsParameter: LOGIN }],
      );
      const rights = statements(made, "web-execution").filter(({ Sid }) => /RegistryLogins$/.test(String(Sid)));
      assert.deepEqual(rights, [
        { Sid: "ReadRegistryLogins", Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: [LOGIN] },
        { Sid: "DecryptRegistryLogins", Effect: "Allow", Action: ["kms:Decrypt"], Resource: [KEY] },
      ]);
      assert.ok(made.outlives(made.one("Service")).has(made.one("RolePolicy", rightsName(made, "web-execution"))));
    });

  it("has another policy with another login, so that the old one stays until no task needs it", async () => {
    const policy = async (registryCredentials: string) => {
      const made = await deploy(() => makeService("FargateService", { image: new AppImage("web", { ...PRIVATE, registryCredentials }) }));
      return rightsName(made, "web-execution");
    };
    assert.notEqual(await policy(LOGIN), await policy(LOGIN.replace("registry", "other")));
  });

  it("matches a login without its six characters, and needs no rights for a key of AWS's", async () => {
    const made = await deploy(() =>
      makeService("FargateService", { image: new AppImage("web", { ...PRIVATE, registryCredentials: LOGIN.slice(0, -7) }) }),
    );
    const rights = statements(made, "web-execution").filter(({ Sid }) => /RegistryLogins$/.test(String(Sid)));
    assert.deepEqual(
      rights.map(({ Resource }) => Resource),
      [[`${LOGIN.slice(0, -7)}-??????`]],
    );
  });

  const NOT =
    "this is not the ARN of a secret that holds a login; allowed: Secrets Manager (arn:aws:secretsmanager:<region>:<account>:secret:<name>-<suffix>), without a key.";
  for (const registryCredentials of ["registry", `${LOGIN}:password::`, "arn:aws:ssm:eu-west-3:123456789012:parameter/registry"])
    it(`is refused with ${registryCredentials}`, async () => {
      assert.equal(await refused({ ...PRIVATE, registryCredentials }), `AppImage "web": registryCredentials: ${NOT}`);
      assert.equal(
        await refusal(() =>
          makeService("FargateService", {
            image: new AppImage("web", { ...PRIVATE, registryCredentials: pulumi.output(registryCredentials) }),
          }),
        ),
        `AppImage "web": registryCredentials: ${NOT}`,
      );
    });

  it("has a login only where it is from elsewhere, and not in ECR", async () => {
    assert.equal(
      await refused({ context: "./app", registryCredentials: LOGIN }),
      'AppImage "web": registryCredentials: it is about an image from elsewhere, and this one is built here; give imageUri, or leave it out.',
    );
    assert.equal(
      await refused({ imageUri: "123456789012.dkr.ecr.eu-west-3.amazonaws.com/web:1", registryCredentials: LOGIN }),
      'AppImage "web": registryCredentials: the image is in ECR, which ECS reads by the execution role; leave it out.',
    );
  });
});
