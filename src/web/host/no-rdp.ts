/**
 * In place of IronRDP in the OpenShift Console: its stream needs our gateway, so the page never
 * asks for it there (`Host.rdpUrl`), and the plugin need not carry it.
 */
export {}
