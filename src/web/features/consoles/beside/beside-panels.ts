/** What can be open beside a console; the address names it. */
export const besidePanels = ['power', 'events', 'metrics', 'media', 'access'] as const

export type BesidePanel = (typeof besidePanels)[number]

export const besideLabels: Record<BesidePanel, string> = {
  power: 'Power',
  events: 'Events',
  metrics: 'Metrics',
  media: 'Media',
  access: 'Access',
}

/** The panel named in an address, if it names one. */
export function readPanel(text: string | null): BesidePanel | undefined {
  return besidePanels.find((panel) => panel === text)
}
