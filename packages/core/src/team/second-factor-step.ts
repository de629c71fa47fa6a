/** What somebody who asks for something has of a second factor. */
export interface SecondFactorFacts {
  /** Whether one is set up. */
  hasTwoFactor: boolean;
  /** Whether one was given in this session: single sign-on may not have asked for it. */
  gaveSecondFactor: boolean;
}

/** What somebody who gave no second factor has to do first, in words. */
export function secondFactorStep({ hasTwoFactor }: Pick<SecondFactorFacts, "hasTwoFactor">): string {
  return hasTwoFactor ? "give the code of yours" : "set one up";
}
