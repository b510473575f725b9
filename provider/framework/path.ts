/** Where in a resource something is: attribute names and list indexes; the key of a map is wrapped. */
export type AttributePath = readonly (string | number | { readonly mapKey: string })[];
