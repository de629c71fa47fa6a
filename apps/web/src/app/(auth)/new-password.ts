import { z } from "zod";

/** A password somebody chooses: length is what makes it strong ({@link https://pages.nist.gov/800-63-4/sp800-63b.html NIST SP 800-63B}). */
export const newPassword = z
  .string()
  .min(10, "Take ten characters or more: a few words do well.")
  .max(200, "Take 200 characters or fewer.");
