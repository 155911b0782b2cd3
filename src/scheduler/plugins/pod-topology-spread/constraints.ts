/**
 * A pod class's spread constraints, its own or the profile's defaults, compiled once per class.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/podtopologyspread/common.go.
 * Deviation: a selector that does not parse matches nothing instead of failing the cycle (validation lets none in).
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { LabelColumn } from '../../../cluster/label-columns.ts';
import {
  compileNodeSelector,
  compileNodeSelectorMap,
  type NodeMatcher,
} from '../../../cluster/node-selector.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import { findUntoleratedTaint } from '../../../kube/tolerations.ts';
import type { TopologySpreadConstraint } from '../../../kube/types.ts';
import type { PodTopologySpreadArgs } from '../pod-topology-spread.schema.ts';
import {
  type DefaultSelectorBasis,
  defaultSelector,
  defaultSelectorBasis,
  isWithoutCondition,
  ownSelector,
  type PodSelector,
  selectsPod,
} from './pod-selector.ts';
import { SelectedClasses } from './selected-classes.ts';

export const HOSTNAME_KEY = 'kubernetes.io/hostname';

/** A constraint but for its selector, which is not the same for all pods. */
type DefaultConstraint = Pick<TopologySpreadConstraint, 'maxSkew' | 'topologyKey' | 'whenUnsatisfiable'> & {
  readonly [Key in 'minDomains' | 'nodeAffinityPolicy' | 'nodeTaintsPolicy']?:
    | TopologySpreadConstraint[Key]
    | undefined;
};

/** Source: plugin.go systemDefaultConstraints. */
const SYSTEM_DEFAULTS: readonly DefaultConstraint[] = [
  { topologyKey: HOSTNAME_KEY, whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 5 },
];

export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly topologyKey: string;
  readonly column: LabelColumn;
  /** 1 if the incoming pod matches the constraint's selector itself. */
  readonly selfMatch: 0 | 1;
  /** Classes whose pods the selector matches, in the incoming pod's namespace. */
  readonly selected: SelectedClasses;
  /** A selector without any condition counts no pod, although it matches all of them. */
  readonly isWithoutCondition: boolean;
  /** nodeAffinityPolicy Honor */
  readonly honorsAffinity: boolean;
  /** nodeTaintsPolicy Honor */
  readonly honorsTaints: boolean;
  /** What the inclusion policies say of a node; undefined = every node is included. */
  readonly includes: NodeMatcher | undefined;
}

/** The constraints of a class. The object stays the same as long as nothing it was derived from changes. */
export interface SpreadConstraints {
  readonly hard: readonly SpreadConstraint[];
  readonly soft: readonly SpreadConstraint[];
  /** Whether a node that lacks one of the soft constraints' keys is left out of scoring; not so with system defaults. */
  readonly softNeedsAllKeys: boolean;
}

interface Compiled {
  readonly basis: DefaultSelectorBasis | undefined;
  readonly constraints: SpreadConstraints;
}

/** Finds the constraints of classes for one set of arguments. */
export class ConstraintCompiler {
  readonly #defaults: readonly DefaultConstraint[];
  readonly #isSystemDefaulted: boolean;
  readonly #compiled = new WeakMap<PodClass, Compiled>();

  constructor(args: PodTopologySpreadArgs) {
    this.#isSystemDefaulted = args.defaultingType === 'System';
    this.#defaults = this.#isSystemDefaulted ? SYSTEM_DEFAULTS : args.defaultConstraints;
  }

  of(cls: PodClass, cluster: Cluster): SpreadConstraints {
    const known = this.#compiled.get(cls);
    const isOwn = (cls.spec.topologySpreadConstraints?.length ?? 0) > 0;
    const basis =
      isOwn || this.#defaults.length === 0 ? undefined : defaultSelectorBasis(cls, cluster.objects);
    if (known && isSame(known.basis, basis)) return known.constraints;
    const constraints = basis ? this.#byDefault(cls, cluster, basis) : ownConstraints(cls, cluster);
    this.#compiled.set(cls, { basis, constraints });
    return constraints;
  }

  #byDefault(cls: PodClass, cluster: Cluster, basis: DefaultSelectorBasis): SpreadConstraints {
    const selector = defaultSelector(cls, cluster.objects, basis);
    const softNeedsAllKeys = !this.#isSystemDefaulted;
    if (isWithoutCondition(selector)) return { hard: [], soft: [], softNeedsAllKeys };
    const selected = new SelectedClasses(selector, cls, cluster.classes);
    const all = (action: string) =>
      this.#defaults
        .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)
        .map((constraint) => compile(constraint, selector, selected, cls, cluster));
    return { hard: all('DoNotSchedule'), soft: all('ScheduleAnyway'), softNeedsAllKeys };
  }
}

function isSame(a: DefaultSelectorBasis | undefined, b: DefaultSelectorBasis | undefined): boolean {
  return a?.servicesVersion === b?.servicesVersion && a?.owner === b?.owner;
}

function ownConstraints(cls: PodClass, cluster: Cluster): SpreadConstraints {
  const all = (action: string) =>
    (cls.spec.topologySpreadConstraints ?? [])
      .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)
      .map((constraint) => {
        const selector = ownSelector(constraint.labelSelector, constraint.matchLabelKeys, cls.labels);
        return compile(
          constraint,
          selector,
          new SelectedClasses(selector, cls, cluster.classes),
          cls,
          cluster,
        );
      });
  return { hard: all('DoNotSchedule'), soft: all('ScheduleAnyway'), softNeedsAllKeys: true };
}

function compile(
  constraint: DefaultConstraint,
  selector: PodSelector,
  selected: SelectedClasses,
  cls: PodClass,
  cluster: Cluster,
): SpreadConstraint {
  const honorsAffinity = (constraint.nodeAffinityPolicy ?? 'Honor') === 'Honor';
  const honorsTaints = constraint.nodeTaintsPolicy === 'Honor';
  return {
    maxSkew: constraint.maxSkew,
    minDomains: constraint.minDomains ?? 1,
    topologyKey: constraint.topologyKey,
    column: cluster.nodes.labels.column(constraint.topologyKey),
    selfMatch: selectsPod(selector, cls.labels) ? 1 : 0,
    selected,
    isWithoutCondition: isWithoutCondition(selector),
    honorsAffinity,
    honorsTaints,
    includes: inclusion(honorsAffinity, honorsTaints, cls, cluster),
  };
}

function inclusion(
  honorsAffinity: boolean,
  honorsTaints: boolean,
  { spec }: PodClass,
  { nodes }: Cluster,
): NodeMatcher | undefined {
  const matchers: NodeMatcher[] = [];
  if (honorsAffinity) {
    const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    if (spec.nodeSelector) matchers.push(compileNodeSelectorMap(spec.nodeSelector, nodes));
    if (required) matchers.push(compileNodeSelector(required, nodes));
  }
  if (honorsTaints) {
    matchers.push((node) => findUntoleratedTaint(nodes.taints[node], spec.tolerations) === undefined);
  }
  if (matchers.length === 0) return undefined;
  return (node) => matchers.every((matches) => matches(node));
}
