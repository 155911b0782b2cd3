/**
 * From a KubeSchedulerConfiguration to profiles: the user's plugin sets merged into the default ones, extension point
 * by extension point, with everything that kube-scheduler refuses at its start.
 * Source: kubernetes v1.37.2 pkg/scheduler/apis/config/v1/default_plugins.go mergePlugins, pkg/scheduler/apis/config/
 * validation, pkg/scheduler/framework/runtime/framework.go NewFramework, expandMultiPointPlugins.
 */
import type { z } from 'zod';
import { nearestName } from '../base/nearest.ts';
import {
  type KubeSchedulerConfiguration,
  kubeSchedulerConfiguration,
  type PluginSet,
  type PluginSets,
  type ProfileSpec,
} from './configuration.schema.ts';
import { type AnyPlugin, type ExtensionPoint, Profile } from './framework/profile.ts';
import { createPlugin, findPlugin, PLUGINS } from './registry.ts';

type Path = readonly (string | number)[];
type Report = (path: Path, message: string) => void;
type Entry = PluginSet['enabled'][number];

/** Plugins that are part of the scheduler itself here; the points they serve at must have exactly these. */
const BUILT_IN: Readonly<Record<string, 'queueSort' | 'bind' | 'filter'>> = {
  PrioritySort: 'queueSort',
  DefaultBinder: 'bind',
  NodeDeclaredFeatures: 'filter',
};

const POINTS: readonly ExtensionPoint[] = [
  'preEnqueue',
  'preFilter',
  'filter',
  'postFilter',
  'preScore',
  'score',
  'reserve',
  'preBind',
];

const EMPTY: PluginSet = { enabled: [], disabled: [] };

/** MultiPoint of the default profile. */
const DEFAULTS: PluginSet = {
  disabled: [],
  enabled: [
    { name: 'PrioritySort' },
    ...PLUGINS.filter(({ isDefault = true }) => isDefault).map(({ name, weight }) => ({
      name,
      ...(weight !== undefined && { weight }),
    })),
    { name: 'DefaultBinder' },
    { name: 'NodeDeclaredFeatures' },
  ],
};

/** The schema of a configuration with all that kube-scheduler checks at its start. */
export const schedulerConfiguration = kubeSchedulerConfiguration.superRefine((configuration, context) => {
  let nProblems = 0;
  const report: Report = (path, message) => {
    nProblems++;
    context.addIssue({ code: 'custom', path: [...path], message });
  };
  checkConfiguration(configuration, report);
  if (nProblems === 0) checkPreparations(configuration, report);
});

/** Profiles of a checked configuration; without any, the default one. */
export function profilesOf(configuration: KubeSchedulerConfiguration): Profile[] {
  return profileSpecs(configuration).map((spec) => {
    const sets = pluginSets(spec);
    const multiPoint = merged(DEFAULTS, sets?.multiPoint ?? EMPTY);
    const plugins = instances(spec, multiPoint);
    return new Profile({
      schedulerName: spec.schedulerName ?? 'default-scheduler',
      plugins: [...plugins.values()],
      weights: weightsOf([...(sets?.score.enabled ?? []), ...multiPoint]),
      order: Object.fromEntries(
        POINTS.map((point) => [point, namesAt(point, sets?.[point] ?? EMPTY, multiPoint, plugins)]),
      ),
      percentageOfNodesToScore: spec.percentageOfNodesToScore ?? configuration.percentageOfNodesToScore,
    });
  });
}

function profileSpecs({ profiles }: KubeSchedulerConfiguration): readonly ProfileSpec[] {
  return profiles.length > 0 ? profiles : [{ pluginConfig: [] }];
}

function pluginSets({ plugins }: ProfileSpec): PluginSets | undefined {
  return plugins;
}

/** The default plugins less the disabled ones, re-configured ones in their place, then the user's others. */
function merged(defaults: PluginSet, custom: PluginSet): Entry[] {
  const disabled = new Set(custom.disabled.map(({ name }) => name));
  const kept = disabled.has('*') ? [] : defaults.enabled.filter(({ name }) => !disabled.has(name));
  const result = kept.map((entry) => custom.enabled.find(({ name }) => name === entry.name) ?? entry);
  return [...result, ...custom.enabled.filter((entry) => !result.includes(entry))];
}

/** Every plugin that any extension point needs, in MultiPoint's order and then in that of the points. */
function instances(spec: ProfileSpec, multiPoint: readonly Entry[]): Map<string, AnyPlugin> {
  const sets = pluginSets(spec);
  const wanted = [...multiPoint, ...POINTS.flatMap((point) => sets?.[point].enabled ?? [])];
  const plugins = new Map<string, AnyPlugin>();
  for (const { name } of wanted) {
    const registration = findPlugin(name);
    if (!registration || plugins.has(name)) continue;
    const config = spec.pluginConfig.find((entry) => entry.name === name);
    plugins.set(name, createPlugin(registration, ownArguments(config?.args)));
  }
  return plugins;
}

/**
 * The plugins at one extension point: re-configured ones first, then those of MultiPoint, then the others that the
 * user enabled.
 */
function namesAt(
  point: ExtensionPoint,
  set: PluginSet,
  multiPoint: readonly Entry[],
  plugins: ReadonlyMap<string, AnyPlugin>,
): string[] {
  const enabled = set.enabled.map(({ name }) => name).filter((name) => plugins.has(name));
  const disabled = new Set(set.disabled.map(({ name }) => name));
  if (disabled.has('*')) return enabled;
  const inherited = multiPoint
    .map(({ name }) => name)
    .filter((name) => !disabled.has(name) && plugins.get(name)?.[point] !== undefined);
  return [
    ...enabled.filter((name) => inherited.includes(name)),
    ...inherited.filter((name) => !enabled.includes(name)),
    ...enabled.filter((name) => !inherited.includes(name)),
  ];
}

/** The first entry of a name counts; a weight of 0 is 1. */
function weightsOf(entries: readonly Entry[]): Record<string, number> {
  const weights: Record<string, number> = {};
  for (const { name, weight } of entries) weights[name] ??= weight || 1;
  return weights;
}

// --- What kube-scheduler refuses at its start ---

function checkConfiguration(configuration: KubeSchedulerConfiguration, report: Report): void {
  const { podInitialBackoffSeconds, podMaxBackoffSeconds, profiles } = configuration;
  if (podMaxBackoffSeconds < podInitialBackoffSeconds) {
    report(['podMaxBackoffSeconds'], 'must be greater than or equal to podInitialBackoffSeconds');
  }
  const seen = new Set<string>();
  profiles.forEach((profile, i) => {
    const { schedulerName } = profile;
    const path = ['profiles', i, 'schedulerName'];
    if (schedulerName === undefined && profiles.length > 1) report(path, 'is required with several profiles');
    else if (schedulerName !== undefined && seen.has(schedulerName))
      report(path, `duplicate value "${schedulerName}"`);
    if (schedulerName !== undefined) seen.add(schedulerName);
    checkProfile(profile, (inner, message) => report(['profiles', i, ...inner], message));
  });
}

function checkProfile(profile: ProfileSpec, report: Report): void {
  checkArguments(profile, (path, message) => report(['pluginConfig', ...path], message));
  const sets = pluginSets(profile);
  if (!sets) return;
  for (const [point, set] of Object.entries(sets)) {
    checkSet(point as keyof PluginSets, set, (path, message) => report(['plugins', point, ...path], message));
  }
  const multiPoint = merged(DEFAULTS, sets.multiPoint).map(({ name }) => name);
  const serves = (name: string, point: 'queueSort' | 'bind') => {
    const disabled = sets[point].disabled.some((entry) => entry.name === '*' || entry.name === name);
    const enabled = sets[point].enabled.some((entry) => entry.name === name);
    return enabled || (!disabled && multiPoint.includes(name));
  };
  const name = profile.schedulerName ?? 'default-scheduler';
  if (!serves('PrioritySort', 'queueSort')) {
    report(
      ['plugins'],
      `only one queue sort plugin required for profile with scheduler name "${name}", but got 0`,
    );
  }
  if (!serves('DefaultBinder', 'bind')) {
    report(['plugins'], `at least one bind plugin is needed for profile with scheduler name "${name}"`);
  }
}

function checkSet(point: keyof PluginSets, { enabled, disabled }: PluginSet, report: Report): void {
  const seen = new Set<string>();
  enabled.forEach(({ name }, i) => {
    const path = ['enabled', i, 'name'];
    if (!isKnown(name)) report(path, unknownPlugin(name));
    else if (seen.has(name)) report(path, `plugin "${name}" is already registered at ${point}`);
    else if (!extendsPoint(name, point)) report(path, `plugin "${name}" does not extend ${point}`);
    seen.add(name);
  });
  disabled.forEach(({ name }, i) => {
    if (name !== '*' && !isKnown(name)) report(['disabled', i, 'name'], unknownPlugin(name));
  });
}

function isKnown(name: string): boolean {
  return findPlugin(name) !== undefined || name in BUILT_IN;
}

function unknownPlugin(name: string): string {
  const names = [...PLUGINS.map((registration) => registration.name), ...Object.keys(BUILT_IN)];
  const nearest = nearestName(name, names);
  return `plugin "${name}" does not exist${nearest ? `; did you mean ${nearest}?` : ''}`;
}

function extendsPoint(name: string, point: keyof PluginSets): boolean {
  if (point === 'multiPoint') return true;
  const registration = findPlugin(name);
  if (!registration) return BUILT_IN[name] === point;
  return createPlugin(registration)[point as ExtensionPoint] !== undefined;
}

function checkArguments({ pluginConfig }: ProfileSpec, report: Report): void {
  const seen = new Set<string>();
  pluginConfig.forEach(({ name, args }, i) => {
    if (seen.has(name)) report([i, 'name'], `repeated config for plugin ${name}`);
    seen.add(name);
    const schema = findPlugin(name)?.args;
    if (!schema) {
      if (!(name in BUILT_IN)) report([i, 'name'], unknownPlugin(name));
      return;
    }
    const outcome = schema.safeParse(ownArguments(args));
    for (const issue of outcome.error?.issues ?? []) reportIssue(issue, [i, 'args'], report);
  });
}

/** Arguments without the type that they may bear (`kind: NodeResourcesFitArgs`). */
function ownArguments(args: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const { apiVersion: _, kind: __, ...own } = args;
  return own;
}

/** A plugin's Filter (Score) works on what its PreFilter (PreScore) found out; alone it would fail every pod. */
function checkPreparations(configuration: KubeSchedulerConfiguration, report: Report): void {
  profilesOf(configuration).forEach((profile, i) => {
    const score = profile.score.map(({ plugin }) => plugin);
    for (const [point, plugins, prepared] of [
      ['preFilter', profile.filter, profile.preFilter],
      ['preScore', score, profile.preScore],
    ] as const) {
      for (const plugin of plugins) {
        if (plugin[point] === undefined || prepared.includes(plugin)) continue;
        const where = point === 'preFilter' ? 'filter' : 'score';
        const path = ['profiles', i, 'plugins', point];
        report(path, `plugin "${plugin.name}" is enabled at ${where} and needs its ${point}`);
      }
    }
  });
}

function reportIssue(issue: z.core.$ZodIssue, prefix: Path, report: Report): void {
  const path = [...prefix, ...(issue.path as (string | number)[])];
  if (issue.code !== 'unrecognized_keys') report(path, issue.message.replace(/^Invalid input: /, ''));
  else for (const key of issue.keys) report([...path, key], `unknown argument "${key}"`);
}
