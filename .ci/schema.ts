// Refuses a schema.graphql that is not what the code describes.
import { readFileSync } from 'node:fs';
import { printedSchema } from '../server/graphql/print.ts';

const written = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');
if (written !== printedSchema()) {
  process.stderr.write('schema.graphql is stale: run "npm run schema" and commit it.\n');
  process.exit(1);
}
