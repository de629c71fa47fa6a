import { type IdKind, idPrefixes, uuidOf } from "@tidings/shared/ids";
import { z } from "zod";

/** A public id in a path, given to the handler as the UUID inside. One that is malformed names nothing that exists. */
export function idSchema(kind: IdKind) {
  return z
    .string()
    .transform((text, context) => {
      const uuid = uuidOf(kind, text);
      if (uuid === null)
        context.addIssue({ code: "custom", message: `must be an id that begins with ${idPrefixes[kind]}_` });
      return uuid ?? z.NEVER;
    })
    .meta({ type: "string", example: `${idPrefixes[kind]}_01h455vb4pex5vsknk084sn02q` });
}

/** The path of one thing known by its public id. */
export function idParams(kind: IdKind) {
  return z.object({ id: idSchema(kind) });
}
