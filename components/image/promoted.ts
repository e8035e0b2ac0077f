// The image that another stack runs, found in its outputs.
import * as pulumi from "@pulumi/pulumi";
import { ecrRepository } from "../../facts/arns";
import type { Refuse } from "../base/origin";

interface Outputs {
  imageUri?: string;
  services?: Record<string, { imageUri?: string }>;
}

/** The image, by digest, that a stack runs in its service of this name, or in whichever services it has if they all run the same. */
export function imageOfStack(stack: string, name: string, parent: pulumi.Resource, refuse: Refuse): pulumi.Output<string> {
  const reference = new pulumi.StackReference(stack, {}, { parent });
  const outputs = pulumi.all([reference.getOutput("imageUri"), reference.getOutput("services")]);
  return outputs.apply(([imageUri, services]) => {
    const uri = chosen({ imageUri, services } as Outputs, name) ?? refuse("from", missing(stack, { services } as Outputs, name));
    const complaint = promotionComplaint(uri);
    return complaint === undefined ? uri : refuse("from", `${stack} runs ${uri}, ${complaint}`);
  });
}

function chosen({ imageUri, services = {} }: Outputs, name: string): string | undefined {
  if (Object.hasOwn(services, name)) return services[name]!.imageUri;
  const all = new Set(Object.values(services).flatMap((its) => its.imageUri ?? []));
  return all.size === 0 ? imageUri : all.size === 1 ? [...all][0] : undefined;
}

function missing(stack: string, { services = {} }: Outputs, name: string): string {
  const names = Object.keys(services);
  return names.length > 0 && !names.includes(name)
    ? `${stack} has no service ${name}, and its services run several images: ${names.join(", ")}; name the service as it is called there.`
    : `${stack} has no output imageUri; export it there, or give imageUri here.`;
}

/** What keeps an image from being copied; undefined if nothing does. */
export function promotionComplaint(uri: string): string | undefined {
  if (!ecrRepository(uri)) return "which is not in ECR; give it as imageUri here, too.";
  return /@sha256:[0-9a-f]{64}$/.test(uri) ? undefined : "which is no digest but a tag; deploy it there by its digest.";
}
