import { setTimeout as pause } from 'node:timers/promises';

export const between = (low: number, high: number): number => low + Math.random() * (high - low);
export const oneIn = (n: number): boolean => Math.random() * n < 1;
export const oneOf = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;
export const wait = (low: number, high: number): Promise<void> => pause(between(low, high));
