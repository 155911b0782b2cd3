/**
 * Which nodes a persistent volume can be reached from. An in-tree volume on a node where its plugin is migrated is
 * judged by the CSI driver's zone label instead of Kubernetes' own.
 * Source: component-helpers v0.37 storage/volume CheckNodeAffinity; csi-translation-lib v0.37 plugins/in_tree_volume.go.
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import { compileNodeSelector, type NodeMatcher } from '../../../cluster/node-selector.ts';
import type { NodeTable } from '../../../cluster/node-table.ts';
import { matchesNodeSelector } from '../../../kube/selector.ts';
import type {
  CSINode,
  NodeSelector,
  NodeSelectorRequirement,
  PersistentVolume,
} from '../../../kube/types.ts';
import { csiHandle, inTreeSourceOf, isMigratedOn, zonesOf } from './csi-migration.ts';

const GA_ZONE = 'topology.kubernetes.io/zone';
const GA_REGION = 'topology.kubernetes.io/region';
const BETA_ZONE = 'failure-domain.beta.kubernetes.io/zone';
const BETA_REGION = 'failure-domain.beta.kubernetes.io/region';

const matchers = new WeakMap<NodeTable, WeakMap<NodeSelector, NodeMatcher>>();
const translated = new WeakMap<PersistentVolume, NodeSelector | undefined>();

/** Whether the volume's own node affinity admits the node. */
export function admitsNode(volume: PersistentVolume, node: number, cluster: Cluster): boolean {
  const required = volume.spec?.nodeAffinity?.required;
  return !required || matcherOf(required, cluster.nodes)(node);
}

/** The same after CSI migration; 'untranslatable' where the in-tree source makes no sense to the driver. */
export function admitsMigratedNode(
  volume: PersistentVolume,
  node: number,
  cluster: Cluster,
): boolean | 'untranslatable' {
  const inTree = inTreeSourceOf(volume);
  if (!inTree) return admitsNode(volume, node, cluster);
  const csiNode = cluster.objects.get<CSINode>('CSINode', undefined, cluster.nodes.names[node]!);
  if (!isMigratedOn(inTree.plugin, csiNode)) return admitsNode(volume, node, cluster);
  if (csiHandle(inTree, volume.metadata.labels ?? {}) === undefined) return 'untranslatable';
  if (!inTree.plugin.zoneKey) return admitsNode(volume, node, cluster);
  const required = translatedAffinity(volume, inTree.plugin.zoneKey);
  return !required || matcherOf(required, cluster.nodes)(node);
}

/** A volume's affinity sees a node's labels only, not its name. */
function matcherOf(selector: NodeSelector, nodes: NodeTable): NodeMatcher {
  let ofTable = matchers.get(nodes);
  if (!ofTable) matchers.set(nodes, (ofTable = new WeakMap()));
  let matcher = ofTable.get(selector);
  if (!matcher) {
    const asksForName = selector.nodeSelectorTerms?.some((term) => term.matchFields?.length);
    matcher = asksForName
      ? (node) => matchesNodeSelector(selector, nodes.objects[node]?.metadata.labels ?? {}, '')
      : compileNodeSelector(selector, nodes);
    ofTable.set(selector, matcher);
  }
  return matcher;
}

function translatedAffinity(volume: PersistentVolume, zoneKey: string): NodeSelector | undefined {
  if (!translated.has(volume)) translated.set(volume, translate(volume, zoneKey));
  return translated.get(volume);
}

/** The zone key becomes the driver's; without one in the affinity the zone label of the volume is added to each term. */
function translate(volume: PersistentVolume, zoneKey: string): NodeSelector | undefined {
  const required = volume.spec?.nodeAffinity?.required;
  const labels = volume.metadata.labels ?? {};
  const isBeta =
    !hasKey(required, GA_ZONE) &&
    (hasKey(required, BETA_ZONE) || (!(GA_ZONE in labels) && BETA_ZONE in labels));
  const ownKey = isBeta ? BETA_ZONE : GA_ZONE;
  const renamed = new Map<string, string>();
  if (hasValues(required, ownKey)) renamed.set(ownKey, zoneKey);
  if (isBeta && hasValues(required, BETA_REGION)) renamed.set(BETA_REGION, GA_REGION);
  const added = hasValues(required, ownKey) ? undefined : zoneRequirement(labels[ownKey], zoneKey);
  const terms = required?.nodeSelectorTerms?.length ? required.nodeSelectorTerms : added ? [{}] : undefined;
  if (!terms) return required;
  return {
    nodeSelectorTerms: terms.map((term) => ({
      ...term,
      matchExpressions: [
        ...(term.matchExpressions ?? []).map((one) => ({ ...one, key: renamed.get(one.key) ?? one.key })),
        ...(added ? [added] : []),
      ],
    })),
  };
}

function requirementsOf(selector: NodeSelector | undefined): readonly NodeSelectorRequirement[] {
  return (selector?.nodeSelectorTerms ?? []).flatMap((term) => term.matchExpressions ?? []);
}

function hasKey(selector: NodeSelector | undefined, key: string): boolean {
  return requirementsOf(selector).some((requirement) => requirement.key === key);
}

function hasValues(selector: NodeSelector | undefined, key: string): boolean {
  return requirementsOf(selector).some(
    (requirement) => requirement.key === key && requirement.values?.length,
  );
}

function zoneRequirement(label: string | undefined, key: string): NodeSelectorRequirement | undefined {
  const values = label === undefined ? [] : zonesOf(label).map((zone) => zone.trim());
  const zones = [...new Set(values)].filter((zone) => zone !== '');
  return zones.length === 0 ? undefined : { key, operator: 'In', values: zones };
}
