/** What the declarations of `@kubevirt-ui-ext/kubevirt-api` leave out or get wrong, by model. */
export const corrections = {}
