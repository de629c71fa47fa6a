import { Field } from "./field";
import { Input } from "./input";

export interface TypedNameProps {
  /** What must be typed before something is lost for good. */
  name: string;
  value: string;
  onValueChange: (typed: string) => void;
}

/** Asks to type a name, so that nothing is lost by a slip. */
export function TypedName({ name, value, onValueChange }: TypedNameProps) {
  return (
    <Field
      label={
        <>
          Type <code className="wrap-anywhere font-mono">{name}</code> to confirm
        </>
      }
    >
      <Input
        value={value}
        onChange={(event) => onValueChange(event.target.value)}
        autoComplete="off"
        spellCheck={false}
        dir="auto"
      />
    </Field>
  );
}
