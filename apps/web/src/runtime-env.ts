/** Whether `next dev` runs this; settled when it is built. */
export const isDevelopment = process.env.NODE_ENV === "development";
