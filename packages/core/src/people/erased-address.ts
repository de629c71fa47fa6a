/** What stands where a person's address was. Nothing is ever sent to it: a delivery that has it is settled. */
export const erasedAddress = "erased";
/** What erased rows give as their reason. */
export const erasedReason = "erased on request";
