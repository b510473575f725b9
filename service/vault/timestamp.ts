export const timestamp = (time: number): string => new Date(time).toISOString();

/** As `timestamp`, of what may be none. */
export const optionalTimestamp = (time: number | null): string | null => (time === null ? null : timestamp(time));
