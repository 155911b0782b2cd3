/**
 * Node selector terms compiled to look-ups in the label columns. The slow form that says the same over plain objects
 * is in kube/selector.ts.
 */
import { parseInt64 } from '../kube/selector.ts';
import type { NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, StringMap } from '../kube/types.ts';
import type { LabelColumn } from './label-columns.ts';
import type { NodeTable } from './node-table.ts';

/** Whether a node (by row) satisfies something. */
export type NodeMatcher = (node: number) => boolean;

const NEVER: NodeMatcher = () => false;

/** Every pair of a plain nodeSelector. */
export function compileNodeSelectorMap(selector: StringMap, nodes: NodeTable): NodeMatcher {
  const wanted = Object.entries(selector).map(([key, value]) => {
    const column = nodes.labels.column(key);
    return { column, value: column.values.idOf(value) };
  });
  return (node) => wanted.every(({ column, value }) => column.data[node] === value);
}

/** Terms ORed; a selector without terms matches nothing. */
export function compileNodeSelector(selector: NodeSelector, nodes: NodeTable): NodeMatcher {
  const terms = (selector.nodeSelectorTerms ?? []).map((term) => compileNodeSelectorTerm(term, nodes));
  return (node) => terms.some((matches) => matches(node));
}

/** Expressions and fields ANDed; an empty term matches nothing. */
export function compileNodeSelectorTerm(term: NodeSelectorTerm, nodes: NodeTable): NodeMatcher {
  const matchers = [
    ...(term.matchExpressions ?? []).map((requirement) => compileRequirement(requirement, nodes)),
    ...(term.matchFields ?? []).map((requirement) => compileField(requirement, nodes)),
  ];
  if (matchers.length === 0) return NEVER;
  return (node) => matchers.every((matches) => matches(node));
}

function compileField({ key, operator, values }: NodeSelectorRequirement, nodes: NodeTable): NodeMatcher {
  if (key !== 'metadata.name' || values?.length !== 1) return NEVER;
  if (operator === 'In') return (node) => nodes.names[node] === values[0];
  return operator === 'NotIn' ? (node) => nodes.names[node] !== values[0] : NEVER;
}

function compileRequirement(requirement: NodeSelectorRequirement, nodes: NodeTable): NodeMatcher {
  const { key, operator, values = [] } = requirement;
  const column = nodes.labels.column(key);
  const listed = new Set(values.map((value) => column.values.idOf(value)));
  switch (operator) {
    case 'In':
      return (node) => listed.has(column.data[node]!);
    case 'NotIn':
      return listed.size === 0 ? NEVER : (node) => !listed.has(column.data[node]!);
    case 'Exists':
      return listed.size > 0 ? NEVER : (node) => column.data[node] !== -1;
    case 'DoesNotExist':
      return listed.size > 0 ? NEVER : (node) => column.data[node] === -1;
    case 'Gt':
    case 'Lt':
      return compileComparison(column, operator, values);
    default:
      return NEVER;
  }
}

function compileComparison(
  column: LabelColumn,
  operator: 'Gt' | 'Lt',
  values: readonly string[],
): NodeMatcher {
  const bound = values.length === 1 ? parseInt64(values[0]!) : undefined;
  if (bound === undefined) return NEVER;
  return (node) => {
    const value = column.data[node]!;
    const label = value === -1 ? undefined : parseInt64(column.values.name(value));
    return label !== undefined && (operator === 'Gt' ? label > bound : label < bound);
  };
}
