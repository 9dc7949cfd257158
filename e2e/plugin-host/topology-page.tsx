/**
 * The console's Topology of a project, with what plugins add (topology/src/components/graph-view/
 * Topology.tsx, data-transforms/, components/side-bar/).
 */
import {
  GraphComponent,
  GridLayout,
  ModelKind,
  SELECTION_EVENT,
  Visualization,
  VisualizationProvider,
  VisualizationSurface,
  type ComponentFactory,
  type Graph,
  type GraphElement,
  type Model as GraphModel,
} from '@patternfly/react-topology'
import { useEffect, useState, type ReactNode } from 'react'
import { useParams } from 'react-router'

import { useResolved } from './extensions.ts'

interface DataFactory {
  resources: Record<string, { model: { group: string; version: string; kind: string } }>
  getDataModel: (namespace: string, resources: object) => Promise<GraphModel>
}
type SectionHook = (element: GraphElement) => [ReactNode, boolean, unknown]

const graph = { id: 'graph', type: 'graph', layout: 'Grid' }

/** The lists that a factory asks for, and its model of them. */
async function modelOf({ resources, getDataModel }: DataFactory, ns: string): Promise<GraphModel> {
  const lists = await Promise.all(
    Object.entries(resources).map(async ([key, { model }]) => {
      const plural = `${model.kind.toLowerCase()}s`
      const path = `/apis/${model.group}/${model.version}/namespaces/${ns}/${plural}`
      const { items } = (await (await fetch(`/api/kubernetes${path}`)).json()) as {
        items: unknown[]
      }
      return [key, { data: items, loaded: true, loadError: '' }] as const
    }),
  )
  return getDataModel(ns, Object.fromEntries(lists))
}

export function TopologyPage() {
  const { ns = '' } = useParams()
  const data = useResolved<DataFactory>('console.topology/data/factory')
  const components = useResolved<{ getFactory: ComponentFactory }>(
    'console.topology/component/factory',
  )
  const [shown, setShown] = useState<Visualization>()
  const [selected, setSelected] = useState<GraphElement>()
  useEffect(() => {
    if (!data || !components) return
    const visualization = new Visualization()
    visualization.registerLayoutFactory((_type: string, one: Graph) => new GridLayout(one))
    visualization.registerComponentFactory((kind) =>
      kind === ModelKind.graph ? GraphComponent : undefined,
    )
    for (const { properties } of components)
      visualization.registerComponentFactory(properties.getFactory)
    visualization.addEventListener(SELECTION_EVENT, ([id]: string[]) => {
      setSelected(id === undefined ? undefined : visualization.getElementById(id))
    })
    void Promise.all(data.map(({ properties }) => modelOf(properties, ns))).then((models) => {
      visualization.fromModel({
        graph,
        nodes: models.flatMap(({ nodes = [] }) => nodes),
        edges: models.flatMap(({ edges = [] }) => edges),
      })
      setShown(visualization)
    })
  }, [data, components, ns])
  if (!shown) return null
  return (
    <>
      <div style={{ blockSize: '30rem' }}>
        <VisualizationProvider controller={shown}>
          <VisualizationSurface state={{ selectedIds: selected ? [selected.getId()] : [] }} />
        </VisualizationProvider>
      </div>
      {selected && <SidePanel key={selected.getId()} element={selected} />}
    </>
  )
}

function SidePanel({ element }: { element: GraphElement }) {
  const links = useResolved<{ link: (element: GraphElement) => ReactNode }>(
    'console.topology/details/resource-link',
  )
  const sections = useResolved<{ provider: SectionHook }>('console.topology/details/tab-section')
  return (
    <aside aria-label="Details">
      <h2>{links?.map(({ properties }) => properties.link(element)).find(Boolean)}</h2>
      {sections?.map(({ uid, properties }) => (
        <Section key={uid} useSection={properties.provider} element={element} />
      ))}
    </aside>
  )
}

function Section({ useSection, element }: { useSection: SectionHook; element: GraphElement }) {
  const [content] = useSection(element)
  return content
}
