import type { CodegenConfig } from '@graphql-codegen/cli';

const types = {
  enumsAsTypes: true,
  useTypeImports: true,
  scalars: { DateTime: 'string', ID: 'string' },
  avoidOptionals: false,
  dedupeFragments: true,
};

/**
 * Types and typed documents of the dashboard and of the typed example, made of `schema.graphql` and their documents.
 * Documents live in .graphql files and are imported by name, so the bundle holds each one once.
 */
const config: CodegenConfig = {
  schema: process.env.RELAY_SCHEMA ?? 'schema.graphql',
  generates: {
    'client/api/generated/': {
      documents: 'client/api/documents/*.graphql',
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      // The client adds type names for its cache but hands out only what was asked for; so do the types.
      config: { ...types, skipTypename: true },
    },
    'examples/typed/generated/': {
      documents: 'examples/typed/*.graphql',
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: { ...types, importExtension: '.ts' },
    },
  },
};

export default config;
