/** The profile that kube-scheduler 1.37 runs without any configuration. */
import { Profile, type ProfileOptions } from './framework/profile.ts';
import { createPlugin, PLUGINS } from './registry.ts';

/** Weights of the default profile by plugin name. */
export const DEFAULT_WEIGHTS: Readonly<Record<string, number>> = Object.fromEntries(
  PLUGINS.map(({ name, weight = 1 }) => [name, weight]),
);

export function defaultProfile(options: Partial<ProfileOptions> = {}): Profile {
  return new Profile({
    schedulerName: 'default-scheduler',
    plugins: PLUGINS.filter(({ isDefault = true }) => isDefault).map((plugin) => createPlugin(plugin)),
    weights: DEFAULT_WEIGHTS,
    ...options,
  });
}
