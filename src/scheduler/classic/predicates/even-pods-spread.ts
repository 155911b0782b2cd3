/**
 * EvenPodsSpread, the predicate: a domain passes if one more pod leaves it no further above the emptiest than maxSkew.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/predicates/predicates.go EvenPodsSpreadPredicate.
 */
import type { Plugin } from '../../framework/plugin.ts';
import { unschedulable } from '../../framework/status.ts';
import { EvenSpread } from '../even-spread.ts';

const UNEVEN = "node(s) didn't match pod topology spread constraints";

export function evenPodsSpread(name = 'EvenPodsSpread'): Plugin<EvenSpread> {
  const status = unschedulable(name, UNEVEN);
  return {
    name,
    preFilter(cycle) {
      const { namespace } = cycle.cls;
      const spread = new EvenSpread(cycle, 'DoNotSchedule', (other) => other.namespace === namespace);
      return spread.constraints.length === 0 ? { skip: true } : { state: spread };
    },
    filterScope: 'cluster',
    podMoved(spread, move) {
      spread.move(move);
    },
    filter(spread, node) {
      const { constraints, counts, minima } = spread;
      // Where no node takes part there is nothing to be even with, keys or no keys.
      if (counts.every(({ size }) => size === 0)) return undefined;
      if (!spread.hasKeys(node)) return status;
      for (let i = 0; i < constraints.length; i++) {
        const { maxSkew, selfMatch } = constraints[i]!;
        if (spread.countAt(i, node) + selfMatch - minima[i]! > maxSkew) return status;
      }
      return undefined;
    },
  };
}
