import type { CodegenConfig } from '@graphql-codegen/cli';

/**
 * The client's types and typed documents, made of `schema.graphql` and `client/api/documents`.
 * Documents live in .graphql files and are imported by name, so the bundle holds each one once.
 */
const config: CodegenConfig = {
  schema: process.env.RELAY_SCHEMA ?? 'schema.graphql',
  documents: 'client/api/documents/*.graphql',
  generates: {
    'client/api/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        enumsAsTypes: true,
        useTypeImports: true,
        scalars: { DateTime: 'string', ID: 'string' },
        avoidOptionals: false,
        // The client adds type names for its cache but hands out only what was asked for; so do the types.
        skipTypename: true,
        dedupeFragments: true,
      },
    },
  },
};

export default config;
