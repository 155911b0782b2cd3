// npm run docs: writes the pages of docs/ that are made from the code.

import { writeFileSync } from 'node:fs';
import { pages } from './docs/pages.ts';

for (const [name, text] of Object.entries(pages())) {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), text);
  console.log(`docs/${name}`);
}
