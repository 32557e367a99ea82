import solid from 'eslint-plugin-solid/configs/typescript';
import tseslint from 'typescript-eslint';

/** Which rooms of the server a room may import, besides the root files that import nothing of the server. */
export const rooms = {
  database: [],
  bus: [],
  credentials: ['database'],
  domain: ['database', 'bus', 'credentials'],
  broker: ['domain', 'database', 'bus', 'credentials'],
  sockets: ['broker', 'domain', 'credentials', 'bus', 'database'],
  graphql: ['broker', 'domain', 'credentials', 'bus', 'database'],
  http: ['broker', 'domain', 'credentials', 'bus', 'database'],
};
const roots = ['config', 'log', 'errors', 'clock', 'metrics', 'address'];
const entrances = ['relay', 'main', 'cli'];

const forbid = (regexes, message) => ({
  'no-restricted-imports': ['error', { patterns: regexes.map((regex) => ({ regex, message })) }],
});

const roomRules = Object.entries(rooms).map(([room, allowed]) => {
  const foreign = Object.keys(rooms).filter((other) => other !== room && !allowed.includes(other));
  return {
    files: [`server/${room}/**/*.ts`],
    rules: forbid(
      [
        `^(\\.\\./)+(${[...foreign, 'client', 'tests'].join('|')})/`,
        `^(\\.\\./)+(${entrances.join('|')})\\.ts$`,
      ],
      `server/${room} may import only ${[...allowed, ...roots].join(', ')}.`,
    ),
  };
});

export default tseslint.config(
  {
    ignores: ['dist/', '.relay/', 'node_modules/', '**/generated/', 'client/public/', '**/*.mjs', '*.js'],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './client/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      // Our interfaces are records of closures, not classes with a this.
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': ['error', { max: 300 }],
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  ...roomRules,
  {
    files: [...roots.map((root) => `server/${root}.ts`)],
    rules: forbid(
      [`^\\./(?!(${roots.join('|')})\\.ts$)`, '^\\.\\./'],
      'This file imports nothing of the server.',
    ),
  },
  {
    files: ['client/**/*.{ts,tsx}'],
    ...solid,
    rules: {
      ...solid.rules,
      ...forbid(['(^|/)server/'], 'The client knows the server only through schema.graphql.'),
    },
  },
  // Entry points talk to a terminal; tests and examples may do so too.
  { files: ['examples/**/*.ts', 'bench/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    // What comes off a socket is judged by what is expected of it, not by its type.
    files: ['tests/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
