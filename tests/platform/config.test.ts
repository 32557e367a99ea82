import { expect, test } from 'vitest';
import { ConfigError, parseConfig } from '../../server/config.ts';

function faultsOf(env: Record<string, string>): ConfigError {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('the configuration was accepted');
}

test('all faults are reported together, and no value with them', () => {
  const error = faultsOf({
    PORT: 'eighty',
    DATABASE_URL: 'mysql://admin:hunter2@db',
    RELAY_SIGNUP: 'perhaps',
    RELAY_SECRET: 'short-secret',
    RELAY_METRICS_TOKEN: 'tiny-token',
    RELAY_TRUSTED_PROXIES: '10.0.0.0/8, proxy.example.com',
  });
  expect(error.faults).toHaveLength(6);
  for (const name of ['PORT', 'DATABASE_URL', 'RELAY_SIGNUP', 'RELAY_SECRET', 'RELAY_METRICS_TOKEN']) {
    expect(error.message).toContain(name);
  }
  for (const value of ['eighty', 'hunter2', 'perhaps', 'short-secret', 'tiny-token', 'proxy.example.com']) {
    expect(error.message).not.toContain(value);
  }
});

test('a given database needs a given secret', () => {
  expect(faultsOf({ DATABASE_URL: 'postgres://db/relay' }).message).toContain('RELAY_SECRET is required');
});

test.each(['10.0.0.0/64', '999.1.1.1', '::1/129', '10.0.0.0/8/8', 'abc'])(
  'the trusted proxy %s is a fault of the configuration',
  (proxy) => {
    const { faults } = faultsOf({ RELAY_TRUSTED_PROXIES: `127.0.0.1 ${proxy}`, PORT: 'eighty' });
    expect(faults).toHaveLength(2);
  },
);

test('addresses and ranges of both families may be trusted proxies', () => {
  const trustedProxies = ['10.0.0.0/8', '127.0.0.1', '::1', 'fd00::/8'];
  expect(parseConfig({ RELAY_TRUSTED_PROXIES: trustedProxies.join(', ') })).toMatchObject({ trustedProxies });
});

test('nothing set is a complete configuration', () => {
  const config = parseConfig({});
  expect(config).toMatchObject({ host: '127.0.0.1', port: 4000, databaseUrl: null, eventsPerMinute: 6000 });
  expect(config).toMatchObject({ inFlight: 1000, backlog: 100_000, retentionDays: 30, signup: null });
});

test('codes are printed only where nobody else can read the terminal’s mail', () => {
  expect(parseConfig({}).printCodes).toBe(true);
  expect(parseConfig({ HOST: '0.0.0.0' }).printCodes).toBe(false);
  expect(parseConfig({ SMTP_URL: 'smtp://localhost' }).printCodes).toBe(false);
  expect(parseConfig({ HOST: '0.0.0.0', RELAY_PRINT_CODES: '1' }).printCodes).toBe(true);
});

test('an empty variable counts as absent', () => {
  expect(parseConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 4000, databaseUrl: null });
});
