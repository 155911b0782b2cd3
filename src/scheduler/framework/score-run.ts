/**
 * PreScore, Score and normalization of one scheduling cycle over the feasible nodes.
 * Source of the rules: kubernetes v1.37.2 pkg/scheduler/framework/runtime/framework.go RunScorePlugins.
 */
import type { Cycle } from './plugin.ts';
import type { AnyPlugin, Profile, ScorePlugin } from './profile.ts';
import { CycleError, errorStatus } from './status.ts';

/** The scores of one plugin, parallel to the feasible nodes. */
export interface PluginScores {
  readonly name: string;
  readonly weight: number;
  /** Before normalization; kept only when asked for. */
  readonly raw: Float64Array | undefined;
  /** 0..the profile's maxScore */
  readonly normalized: Float64Array;
}

export interface ScoreTable {
  /** Weighted sums, parallel to the feasible nodes. */
  readonly totals: Float64Array;
  /** Plugins that took part; one that skipped is not here. */
  readonly plugins: readonly PluginScores[];
  /** Plugins whose PreScore said Skip. */
  readonly skipped: ReadonlySet<AnyPlugin>;
}

/** @throws CycleError when a plugin fails or leaves 0..maxScore. */
export function runScore(profile: Profile, cycle: Cycle, feasible: Int32Array, keepRaw = false): ScoreTable {
  const states = new Map<unknown, unknown>();
  const skipped = new Set<AnyPlugin>();
  for (const plugin of profile.preScore) {
    const prepared = plugin.preScore!(cycle, feasible);
    if ('status' in prepared) throw new CycleError(prepared.status);
    if ('skip' in prepared) skipped.add(plugin);
    else states.set(plugin, prepared.state);
  }
  const totals = new Float64Array(feasible.length);
  const plugins: PluginScores[] = [];
  for (const entry of profile.score) {
    if (skipped.has(entry.plugin)) continue;
    const scores = scoreOne(entry, states.get(entry.plugin), cycle, feasible, keepRaw);
    checkRange(scores, profile.maxScore);
    plugins.push(scores);
    for (let i = 0; i < totals.length; i++) totals[i]! += scores.normalized[i]! * entry.weight;
  }
  return { totals, plugins, skipped };
}

function scoreOne(
  { plugin, weight }: ScorePlugin,
  state: unknown,
  cycle: Cycle,
  feasible: Int32Array,
  keepRaw: boolean,
): PluginScores {
  const scores = new Float64Array(feasible.length);
  for (let i = 0; i < scores.length; i++) scores[i] = plugin.score!(state, feasible[i]!, cycle);
  const raw = keepRaw ? scores.slice() : undefined;
  plugin.normalize?.(state, scores, feasible, cycle);
  return { name: plugin.name, weight, raw, normalized: scores };
}

function checkRange({ name, normalized }: PluginScores, maxScore: number): void {
  for (const score of normalized) {
    if (score >= 0 && score <= maxScore) continue;
    throw new CycleError(errorStatus(name, `plugin ${name} returns an invalid score ${score}`));
  }
}
