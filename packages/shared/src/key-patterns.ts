/** A category's key. */
export const categoryPattern = /^[a-z0-9][a-z0-9_.-]{0,63}$/;

/** A template's key. */
export const templateKeyPattern = /^[a-z0-9][a-z0-9_.-]{0,127}$/;
