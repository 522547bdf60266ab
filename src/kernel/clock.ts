/** The time, as something that is handed in: tests move it, production reads the machine's. */
export type Clock = { now(): Date }

export const systemClock: Clock = { now: () => new Date() }
