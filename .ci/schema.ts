// Prints the GraphQL schema to schema.graphql, sorted so that differences are small. With --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from '../server/graphql/schema.ts';

const path = new URL('../schema.graphql', import.meta.url);
const text = `${printSchema(lexicographicSortSchema(schema))}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(path, text);
} else if (readFileSync(path, 'utf8') !== text) {
  process.stderr.write('schema.graphql is stale: run "npm run schema" and commit it.\n');
  process.exit(1);
}
