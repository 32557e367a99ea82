// The server of `npm start`, which also ends when the demo does, however that ended: the channel closes by itself.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
await import('../../server/main.ts');

export {};
