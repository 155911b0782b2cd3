// Bundles the library for the browser: fails where anything in it needs Node.

import { builtinModules } from 'node:module';
import { build } from 'esbuild';

const forbidden = new RegExp(
  `^(node:.*|${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`,
);

const result = await build({
  entryPoints: ['src/index.ts'],
  bundle: true,
  write: false,
  platform: 'browser',
  format: 'esm',
  // The solver of lower bounds brings loaders of its own for every platform and is fetched only where it is used.
  external: ['highs'],
  logLevel: 'silent',
  metafile: true,
  plugins: [
    {
      name: 'no-node',
      setup({ onResolve }) {
        onResolve({ filter: forbidden }, ({ path, importer }) => ({
          errors: [{ text: `${path} is imported by ${importer}` }],
        }));
      },
    },
  ],
}).catch(({ errors }) => {
  for (const { text, location } of errors)
    console.error(location ? `${location.file}:${location.line}: ${text}` : text);
  process.exit(1);
});

const bytes = result.outputFiles[0].contents.length;
console.log(`${Object.keys(result.metafile.inputs).length} files, ${bytes} bytes`);
