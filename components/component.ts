import * as pulumi from "@pulumi/pulumi";

/**
 * Changes one of the resources that a component makes: an object is laid over its arguments, a function gets the arguments and the options and may
 * change them in place or return new arguments. This is the way to every property that a component has no argument for.
 */
export type Transform<A> = Partial<A> | ((args: A, opts: pulumi.CustomResourceOptions, name: string) => A | undefined);

/** What every component takes. */
export interface ComponentArgs {
  /** Tags for everything the component makes, beside `Project` and `Stack`, which are always there. */
  tags?: Record<string, string>;
}

/** The shared ground of Berth's components: type `berth:index:<Type>`, children named after the component, tags on everything, transforms. */
export abstract class Component extends pulumi.ComponentResource {
  /** Tags of everything this component makes. */
  protected readonly tags: Record<string, string>;

  protected constructor(
    type: string,
    protected readonly label: string,
    args: ComponentArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(`berth:index:${type}`, label, {}, opts);
    this.tags = { Project: pulumi.getProject(), Stack: pulumi.getStack(), ...args.tags };
  }

  /** Makes a child: `<component>` or `<component>-<suffix>`, parented to the component, its arguments passed through the user's transform. */
  protected make<A extends object, R extends pulumi.Resource>(
    type: new (name: string, args: A, opts?: pulumi.CustomResourceOptions) => R,
    suffix: string,
    args: A,
    transform?: Transform<A>,
    opts: pulumi.CustomResourceOptions = {},
  ): R {
    const name = suffix === "" ? this.label : `${this.label}-${suffix}`;
    const options = { ...opts, parent: this };
    const changed = typeof transform === "function" ? (transform(args, options, name) ?? args) : { ...args, ...transform };
    return new type(name, changed, options);
  }
}
