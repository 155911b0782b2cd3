import { describe, expect, it } from 'vitest';
import { profilesOf, schedulerConfiguration } from './configuration.ts';
import { defaultProfile } from './default-profile.ts';

const problems = (configuration: unknown) => {
  const issues = schedulerConfiguration.safeParse(configuration).error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};
const profile = (spec: object = {}) =>
  profilesOf(schedulerConfiguration.parse({ profiles: [{ schedulerName: 's', ...spec }] }))[0]!;
const names = (plugins: readonly { readonly name: string }[]) => plugins.map(({ name }) => name);
const weights = (spec: object) =>
  Object.fromEntries(profile(spec).score.map(({ plugin, weight }) => [plugin.name, weight]));

describe('profilesOf', () => {
  it('gives the default profile for an empty configuration', () => {
    const [only] = profilesOf(schedulerConfiguration.parse({}));
    const expected = defaultProfile();
    expect(only!.schedulerName).toBe('default-scheduler');
    for (const point of ['preEnqueue', 'preFilter', 'filter', 'postFilter', 'preScore', 'reserve'] as const) {
      expect(names(only![point])).toEqual(names(expected[point]));
    }
    expect(only!.score.map(({ plugin, weight }) => [plugin.name, weight])).toEqual(
      expected.score.map(({ plugin, weight }) => [plugin.name, weight]),
    );
  });

  it('takes the percentage of the profile before that of the scheduler', () => {
    const parsed = schedulerConfiguration.parse({
      percentageOfNodesToScore: 30,
      profiles: [{ schedulerName: 'a', percentageOfNodesToScore: 70 }, { schedulerName: 'b' }],
    });
    expect(profilesOf(parsed).map(({ percentageOfNodesToScore }) => percentageOfNodesToScore)).toEqual([
      70, 30,
    ]);
  });

  it('leaves a plugin out of one extension point only', () => {
    const { filter, score, preScore } = profile({
      plugins: {
        score: { disabled: [{ name: 'TaintToleration' }] },
        preScore: { disabled: [{ name: 'TaintToleration' }] },
      },
    });
    expect(names(filter)).toContain('TaintToleration');
    expect(names(score.map(({ plugin }) => plugin))).not.toContain('TaintToleration');
    expect(names(preScore)).not.toContain('TaintToleration');
  });

  it('leaves a plugin out everywhere when MultiPoint disables it', () => {
    const { plugins } = profile({ plugins: { multiPoint: { disabled: [{ name: 'ImageLocality' }] } } });
    expect(names(plugins)).not.toContain('ImageLocality');
  });

  it('keeps only what is enabled when MultiPoint disables everything', () => {
    const { filter, plugins } = profile({
      plugins: {
        multiPoint: {
          disabled: [{ name: '*' }],
          enabled: [{ name: 'PrioritySort' }, { name: 'DefaultBinder' }, { name: 'NodeName' }],
        },
        filter: { enabled: [{ name: 'TaintToleration' }] },
      },
    });
    expect(names(filter)).toEqual(['NodeName', 'TaintToleration']);
    expect(names(plugins)).toEqual(['NodeName', 'TaintToleration']);
  });

  it('keeps only what is enabled at a point where everything is disabled', () => {
    const { score } = profile({
      plugins: { score: { disabled: [{ name: '*' }], enabled: [{ name: 'ImageLocality' }] } },
    });
    expect(names(score.map(({ plugin }) => plugin))).toEqual(['ImageLocality']);
  });

  it('puts re-configured plugins before those of MultiPoint', () => {
    const { filter } = profile({ plugins: { filter: { enabled: [{ name: 'NodePorts' }] } } });
    expect(names(filter)[0]).toBe('NodePorts');
    expect(names(filter).filter((name) => name === 'NodePorts')).toHaveLength(1);
  });

  it('takes the weight at score before that of MultiPoint, and 0 as 1', () => {
    expect(
      weights({
        plugins: {
          score: { enabled: [{ name: 'ImageLocality', weight: 7 }] },
          multiPoint: {
            enabled: [
              { name: 'ImageLocality', weight: 5 },
              { name: 'NodeAffinity', weight: 9 },
              { name: 'TaintToleration' },
            ],
          },
        },
      }),
    ).toMatchObject({ ImageLocality: 7, NodeAffinity: 9, TaintToleration: 1, PodTopologySpread: 2 });
    expect(weights({ plugins: { score: { enabled: [{ name: 'NodeAffinity', weight: 0 }] } } })).toMatchObject(
      { NodeAffinity: 1 },
    );
  });

  it('accepts arguments that say their kind', () => {
    const args = {
      apiVersion: 'kubescheduler.config.k8s.io/v1',
      kind: 'NodeResourcesFitArgs',
      scoringStrategy: { type: 'MostAllocated' },
    };
    expect(() => profile({ pluginConfig: [{ name: 'NodeResourcesFit', args }] })).not.toThrow();
  });
});

describe('schedulerConfiguration refuses', () => {
  const one = (spec: object) => ({ profiles: [{ schedulerName: 's', ...spec }] });
  it.each([
    [
      'an unknown plugin, with the nearest name',
      one({ plugins: { filter: { enabled: [{ name: 'NodePort' }] } } }),
      'profiles.0.plugins.filter.enabled.0.name: plugin "NodePort" does not exist; did you mean NodePorts?',
    ],
    [
      'an unknown plugin that is disabled',
      one({ plugins: { multiPoint: { disabled: [{ name: 'X' }] } } }),
      'profiles.0.plugins.multiPoint.disabled.0.name: plugin "X" does not exist',
    ],
    [
      'a plugin where it has nothing to do',
      one({ plugins: { score: { enabled: [{ name: 'NodeName' }] } } }),
      'profiles.0.plugins.score.enabled.0.name: plugin "NodeName" does not extend score',
    ],
    [
      'a plugin enabled twice',
      one({ plugins: { filter: { enabled: [{ name: 'NodeName' }, { name: 'NodeName' }] } } }),
      'profiles.0.plugins.filter.enabled.1.name: plugin "NodeName" is already registered at filter',
    ],
    [
      'an unknown argument',
      one({ pluginConfig: [{ name: 'NodeResourcesFit', args: { ignored: [] } }] }),
      'profiles.0.pluginConfig.0.args.ignored: unknown argument "ignored"',
    ],
    [
      'an unknown strategy',
      one({ pluginConfig: [{ name: 'NodeResourcesFit', args: { scoringStrategy: { type: 'Best' } } }] }),
      expect.stringMatching(/^profiles\.0\.pluginConfig\.0\.args\.scoringStrategy\.type: .*"MostAllocated"/),
    ],
    [
      'arguments for one plugin twice',
      one({ pluginConfig: [{ name: 'NodeAffinity' }, { name: 'NodeAffinity' }] }),
      'profiles.0.pluginConfig.1.name: repeated config for plugin NodeAffinity',
    ],
    [
      'a weight out of range',
      one({ plugins: { score: { enabled: [{ name: 'ImageLocality', weight: -1 }] } } }),
      'profiles.0.plugins.score.enabled.0.weight: a weight must not be negative',
    ],
    [
      'a profile that sorts no queue',
      one({ plugins: { queueSort: { disabled: [{ name: '*' }] } } }),
      'profiles.0.plugins: only one queue sort plugin required for profile with scheduler name "s", but got 0',
    ],
    [
      'a profile that binds nothing',
      one({ plugins: { multiPoint: { disabled: [{ name: 'DefaultBinder' }] } } }),
      'profiles.0.plugins: at least one bind plugin is needed for profile with scheduler name "s"',
    ],
    [
      'a filter without its preparation',
      one({ plugins: { preFilter: { disabled: [{ name: 'NodeResourcesFit' }] } } }),
      'profiles.0.plugins.preFilter: plugin "NodeResourcesFit" is enabled at filter and needs its preFilter',
    ],
    [
      'two profiles of one name',
      { profiles: [{ schedulerName: 'a' }, { schedulerName: 'a' }] },
      'profiles.1.schedulerName: duplicate value "a"',
    ],
    [
      'several profiles of which one has no name',
      { profiles: [{ schedulerName: 'a' }, {}] },
      'profiles.1.schedulerName: is required with several profiles',
    ],
    [
      'a percentage beyond 100',
      { percentageOfNodesToScore: 101 },
      'percentageOfNodesToScore: not in valid range [0-100]',
    ],
    [
      'a longest back-off below the first',
      { podInitialBackoffSeconds: 20 },
      'podMaxBackoffSeconds: must be greater than or equal to podInitialBackoffSeconds',
    ],
    [
      'a first back-off of nothing',
      { podInitialBackoffSeconds: 0 },
      'podInitialBackoffSeconds: must be greater than 0',
    ],
    ['no parallelism', { parallelism: 0 }, 'parallelism: should be an integer value greater than zero'],
    ['extenders', { extenders: [{}] }, 'extenders: extenders are not modelled'],
  ])('%s', (_, configuration, message) => {
    expect(problems(configuration)).toContainEqual(message);
  });

  it('all mistakes at once', () => {
    expect(problems({ parallelism: 0, percentageOfNodesToScore: -1 })).toHaveLength(2);
  });
});
