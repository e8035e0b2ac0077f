// What ECS needs to pull the images of a task's containers.
import * as pulumi from "@pulumi/pulumi";
import { ecrRepository, secretGrant } from "../../facts/arns";
import { importStatements, pullStatements, type Statement } from "../base/iam";
import { isImage } from "../image/image";
import { type Container, type TaskPart, unique } from "./part";

/** The login of a container's image. */
export const credentialsOf = ({ image }: Pick<Container, "image">) => (isImage(image) ? image.registryCredentials : undefined);

/** Pull these images, from ECR, through its caches and from private registries: nothing else. */
export function imagesPart(containers: Container[], partition: pulumi.Input<string>, kmsKeyArns: pulumi.Input<string>[]): TaskPart {
  const repository = ({ image }: Container) =>
    isImage(image) && image.repository
      ? image.repository.arn
      : pulumi.all([isImage(image) ? image.ref : image, partition]).apply(([ref, part]) => {
          const found = ecrRepository(ref);
          return found && `arn:${part}:ecr:${found.region}:${found.accountId}:repository/${found.name}`;
        });
  const repositories = (of: Container[]) => pulumi.all(of.map(repository)).apply((arns) => unique(arns.filter((arn) => arn !== undefined)));
  const imported = containers.filter(({ image }) => isImage(image) && image.pullThroughCache);
  const logins = unique(containers.flatMap((one) => credentialsOf(one) ?? []));
  const statements = [
    ...pullStatements(repositories(containers)),
    ...(imported.length > 0 ? importStatements(repositories(imported)) : []),
    ...loginStatements(logins, kmsKeyArns),
  ];
  return {
    executionRights: { statements, named: [...containers.flatMap(elsewhere), ...(logins.length > 0 ? [{ logins, kmsKeyArns }] : [])] },
  };
}

/** What logs in to private registries. */
const loginStatements = (logins: pulumi.Input<string>[], kmsKeyArns: pulumi.Input<string>[]): Statement[] =>
  logins.length === 0
    ? []
    : [
        {
          sid: "ReadRegistryLogins",
          actions: ["secretsmanager:GetSecretValue"],
          resources: pulumi.all(logins).apply((arns) => unique(arns.map((arn) => secretGrant(arn)!.resource))),
        },
        { sid: "DecryptRegistryLogins", actions: ["kms:Decrypt"], resources: kmsKeyArns },
      ];

/** An image that is not the stack's own by its very name, or that comes and goes with an argument. */
function elsewhere({ key, image, own }: Container): object[] {
  if (own && isImage(image)) return [{ mirrored: key }];
  const uri = isImage(image) ? image.uri : image;
  const found = typeof uri === "string" ? ecrRepository(uri) : undefined;
  return found ? [found] : [];
}
