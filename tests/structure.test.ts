import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Messages of the import rule for a file with one import, judged by the very configuration `npm run check` uses. */
async function verdict(file: string, imported: string): Promise<string[]> {
  const eslint = new ESLint({
    cwd: root,
    overrideConfig: {
      // The file exists only here, so rules that need its types are out of reach.
      languageOptions: { parserOptions: { project: null, projectService: false } },
    },
    ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-imports',
  });
  const [result] = await eslint.lintText(`import '${imported}';\n`, { filePath: `${root}/${file}` });
  return (result?.messages ?? []).map((message) => message.message);
}

test.each([
  ['server/http/x.ts', '../graphql/schema.ts'],
  ['server/graphql/types/x.ts', '../../sockets/app.ts'],
  ['server/sockets/x.ts', '../http/server.ts'],
  ['server/domain/x.ts', '../broker/broker.ts'],
  ['server/database/x.ts', '../bus/bus.ts'],
  ['server/bus/x.ts', '../database/orm.ts'],
  ['server/credentials/x.ts', '../domain/apps.ts'],
  ['server/broker/sql/x.ts', '../../sockets/messages.ts'],
  ['server/broker/x.ts', '../relay.ts'],
  ['server/config.ts', './database/orm.ts'],
  ['client/x.ts', '../server/errors.ts'],
])('%s may not import %s', async (file, imported) => {
  expect(await verdict(file, imported)).not.toEqual([]);
});

test.each([
  ['server/broker/x.ts', '../domain/apps.ts'],
  ['server/broker/sql/x.ts', '../../database/pool.ts'],
  ['server/sockets/x.ts', '../broker/broker.ts'],
  ['server/http/x.ts', '../log.ts'],
  ['server/credentials/x.ts', '../database/orm.ts'],
])('%s may import %s', async (file, imported) => {
  expect(await verdict(file, imported)).toEqual([]);
});
