/**
 * The extension types of the OpenShift Console that our manifest has, with their properties. The
 * console's npm package has them as types only, and asks for a router older than ours.
 * https://github.com/openshift/console/tree/da1f132490d8817714e2814751ede2e6c3006594/frontend/packages/console-dynamic-plugin-sdk/src/extensions
 */
import { z } from 'zod'

/** `%plugin__NAME~Text%`, or what needs no translation. */
const text = z.string().min(1)
/** https://github.com/openshift/dynamic-plugin-sdk/blob/bd892fe/packages/lib-core/src/runtime/coderefs.ts */
const codeRef = z.strictObject({ $codeRef: z.string().regex(/^([^.\s]+)(?:\.([^.\s]+))?$/) })
const model = z.strictObject({
  group: z.string().min(1).optional(),
  version: z.string().min(1),
  kind: z.string().min(1),
})
const place = z.union([z.string(), z.array(z.string())]).optional()
const ofNavigation = {
  id: z.string().min(1),
  perspective: z.string().optional(),
  dataAttributes: z.record(z.string(), z.string()).optional(),
  insertBefore: place,
  insertAfter: place,
}
const ofNavItem = {
  ...ofNavigation,
  section: z.string().optional(),
  startsWith: z.array(z.string()).optional(),
}
const resourceItem = z.strictObject({ ...ofNavItem, name: text.optional(), model })
const resourcePage = z.strictObject({ model, component: codeRef })
const routePage = z.strictObject({
  path: z.union([z.string().startsWith('/'), z.array(z.string().startsWith('/')).min(1)]),
  component: codeRef,
  exact: z.boolean().optional(),
  perspective: z.string().optional(),
})
const inventoryItem = z.strictObject({
  model: codeRef,
  mapper: codeRef.optional(),
  additionalResources: codeRef.optional(),
})

const properties: Record<string, z.ZodType> = {
  'console.action/resource-provider': z.strictObject({ model, provider: codeRef }),
  'console.context-provider': z.strictObject({ provider: codeRef, useValueHook: codeRef }),
  'console.dashboards/overview/activity/resource': z.strictObject({
    k8sResource: codeRef,
    isActivity: codeRef.optional(),
    getTimestamp: codeRef.optional(),
    component: codeRef,
  }),
  'console.dashboards/overview/health/resource': z.strictObject({
    title: text,
    resources: codeRef,
    healthHandler: codeRef,
    popupComponent: codeRef.optional(),
    popupTitle: text.optional(),
  }),
  'console.dashboards/overview/inventory/item': inventoryItem,
  'console.dashboards/overview/inventory/item/group': z.strictObject({
    id: z.string(),
    icon: codeRef,
  }),
  'console.dashboards/project/overview/item': inventoryItem,
  'console.flag': z.strictObject({ handler: codeRef }),
  'console.flag/hookProvider': z.strictObject({ handler: codeRef }),
  'console.flag/model': z.strictObject({ flag: z.string(), model }),
  'console.model-metadata': z.strictObject({
    model,
    abbr: z.string().max(5).optional(),
    badge: z.enum(['dev', 'tech']).optional(),
    color: z.string().optional(),
    label: text.optional(),
    labelPlural: text.optional(),
  }),
  'console.navigation/href': z.strictObject({
    ...ofNavItem,
    name: text,
    href: z.string(),
    namespaced: z.boolean().optional(),
    prefixNamespaced: z.boolean().optional(),
  }),
  'console.navigation/resource-cluster': resourceItem,
  'console.navigation/resource-ns': resourceItem,
  'console.navigation/section': z.strictObject({ ...ofNavigation, name: text.optional() }),
  'console.node/inventory-item': z.strictObject({ priority: z.number(), component: codeRef }),
  'console.node/sub-nav-tab': z.strictObject({
    parentTab: z.enum(['configuration', 'health', 'workload']),
    page: z.strictObject({ tabId: z.string(), name: text, priority: z.number() }),
    component: codeRef,
  }),
  'console.page/resource/details': resourcePage,
  'console.page/resource/list': resourcePage,
  'console.page/route': routePage,
  'console.page/route/standalone': routePage,
  'console.perspective': z.strictObject({
    id: z.string(),
    name: text,
    icon: codeRef.nullable(),
    default: z.boolean().optional(),
    defaultPins: z.array(model).optional(),
    landingPageURL: codeRef,
    importRedirectURL: codeRef,
    usePerspectiveDetection: codeRef.optional(),
  }),
  'console.pvc/alert': z.strictObject({ alert: codeRef }),
  'console.pvc/delete': z.strictObject({
    predicate: codeRef,
    onPVCKill: codeRef,
    alert: codeRef,
  }),
  'console.pvc/status': z.strictObject({
    priority: z.number(),
    predicate: codeRef,
    status: codeRef,
  }),
  'console.resource/create': resourcePage,
  'console.resource/details-item': z.strictObject({
    model,
    id: z.string(),
    column: z.enum(['left', 'right']),
    title: text,
    description: text.optional(),
    path: z.string().optional(),
    component: codeRef.optional(),
    sortWeight: z.number().optional(),
  }),
  'console.tab/horizontalNav': z.strictObject({
    model,
    // One element of a path.
    page: z.strictObject({ name: text, href: z.string().regex(/^[\w-]+$/) }),
    component: codeRef,
  }),
  'console.topology/component/factory': z.strictObject({ getFactory: codeRef }),
  'console.topology/data/factory': z.strictObject({
    id: z.string(),
    priority: z.number(),
    resources: z
      .record(z.string(), z.strictObject({ model: model.optional(), opts: z.looseObject({}) }))
      .optional(),
    workloadKeys: z.array(z.string()).optional(),
    getDataModel: codeRef.optional(),
    isResourceDepicted: codeRef.optional(),
    getDataModelReconciler: codeRef.optional(),
  }),
  'console.topology/details/resource-link': z.strictObject({
    priority: z.number().optional(),
    link: codeRef,
  }),
  'console.topology/details/tab-section': z.strictObject({
    id: z.string(),
    tab: z.string(),
    provider: codeRef,
    insertBefore: place,
    insertAfter: place,
  }),
  'console.yaml-template': z.strictObject({ model, template: codeRef, name: z.string() }),
  'dev-console.add/action': z.strictObject({
    id: z.string(),
    groupId: z.string().optional(),
    label: text,
    description: text,
    href: z.string().optional(),
    callback: codeRef.optional(),
    icon: codeRef.optional(),
    accessReview: z
      .array(z.strictObject({ group: z.string(), resource: z.string(), verb: z.string() }))
      .optional(),
  }),
}

/** https://github.com/openshift/dynamic-plugin-sdk/blob/bd892fe/packages/lib-core/src/zod-schemas.ts */
const flagName = z.string().regex(/^[A-Z]+(?:[A-Z0-9]|_[A-Z0-9])*$/)

const extension = z.strictObject({
  type: z.string(),
  properties: z.looseObject({}),
  flags: z
    .strictObject({
      required: z.array(flagName).optional(),
      disallowed: z.array(flagName).optional(),
    })
    .optional(),
})

/** What is wrong with an extension of a manifest, in words; nothing if the console can use it. */
export function extensionProblems(given: unknown): string[] {
  const parsed = extension.safeParse(given)
  if (!parsed.success) return [z.prettifyError(parsed.error)]
  const { type } = parsed.data
  const schema = properties[type]
  if (!schema) return [`${type}: not known to be an extension of the console`]
  const { error } = schema.safeParse(parsed.data.properties)
  return error ? [`${type}: ${z.prettifyError(error)}`] : []
}
