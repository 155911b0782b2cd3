/**
 * A profile: the plugins of one scheduler name, in order, by extension point, with their weights.
 */
import { MAX_NODE_SCORE, type Plugin } from './plugin.ts';

/** A plugin with its state types forgotten: the profile hands each plugin only what that plugin returned. */
// biome-ignore lint/suspicious/noExplicitAny: states are opaque here and typed inside each plugin
export type AnyPlugin = Plugin<any, any>;

export interface ScorePlugin {
  readonly plugin: AnyPlugin;
  readonly weight: number;
}

export interface ProfileOptions {
  readonly schedulerName: string;
  /** In the order of kube-scheduler's MultiPoint list; a plugin serves at each extension point it implements. */
  readonly plugins: readonly AnyPlugin[];
  /** Weight by plugin name; 1 where nothing (or 0) is said. */
  readonly weights?: Readonly<Record<string, number>>;
  /** Which plugins serve at an extension point, in order; where it says nothing, all that implement it. */
  readonly order?: Readonly<Partial<Record<ExtensionPoint, readonly string[]>>>;
  readonly percentageOfNodesToScore?: number;
  /** The highest score a plugin may give; 100 unless it is a policy of an earlier time. */
  readonly maxScore?: number;
  /** Filter asks all plugins about a node that one has rejected, to tell all reasons. */
  readonly checksAllFilters?: boolean;
}

export type ExtensionPoint =
  | 'preEnqueue'
  | 'preFilter'
  | 'filter'
  | 'postFilter'
  | 'preScore'
  | 'score'
  | 'reserve'
  | 'preBind';

export class Profile {
  readonly schedulerName: string;
  readonly preEnqueue: readonly AnyPlugin[];
  readonly preFilter: readonly AnyPlugin[];
  readonly filter: readonly AnyPlugin[];
  readonly postFilter: readonly AnyPlugin[];
  readonly preScore: readonly AnyPlugin[];
  readonly score: readonly ScorePlugin[];
  readonly reserve: readonly AnyPlugin[];
  readonly preBind: readonly AnyPlugin[];
  readonly plugins: readonly AnyPlugin[];
  readonly percentageOfNodesToScore: number;
  readonly maxScore: number;
  readonly checksAllFilters: boolean;

  constructor(options: ProfileOptions) {
    const { plugins, order } = options;
    const serves = (point: ExtensionPoint) =>
      order?.[point]?.map((name) => plugins.find((plugin) => plugin.name === name)!) ??
      plugins.filter((plugin) => plugin[point] !== undefined);
    this.schedulerName = options.schedulerName;
    this.plugins = plugins;
    this.preEnqueue = serves('preEnqueue');
    this.preFilter = serves('preFilter');
    this.filter = serves('filter');
    this.postFilter = serves('postFilter');
    this.preScore = serves('preScore');
    this.score = serves('score').map((plugin) => ({ plugin, weight: options.weights?.[plugin.name] || 1 }));
    this.reserve = serves('reserve');
    this.preBind = serves('preBind');
    this.percentageOfNodesToScore = options.percentageOfNodesToScore ?? 0;
    this.maxScore = options.maxScore ?? MAX_NODE_SCORE;
    this.checksAllFilters = options.checksAllFilters ?? false;
  }
}
