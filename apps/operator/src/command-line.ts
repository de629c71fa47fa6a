/** Who acts, as the audit log has it: whoever may run commands here. */
export const commandLine = { userId: null, actor: "operator" } as const;
