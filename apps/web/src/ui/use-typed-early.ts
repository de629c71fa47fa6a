import { type ChangeEvent, type Ref, type RefCallback, useCallback, useEffect, useRef } from "react";

type TextField = HTMLInputElement | HTMLTextAreaElement;

/**
 * Tells a field's owner what was typed into it, or filled in by the browser, before the page's scripts were there: React
 * does not, and would empty the field when it is next rendered.
 * @returns the ref for the element
 */
export function useTypedEarly<Element extends TextField>(
  ref: Ref<Element> | undefined,
  onChange: ((event: ChangeEvent<Element>) => void) | undefined,
): RefCallback<Element> {
  const own = useRef<Element>(null);
  const tell = useRef(onChange);
  useEffect(() => {
    const field = own.current;
    // What the server wrote is its default value; one that was made in the browser has nothing else yet.
    if (field && field.value !== field.defaultValue)
      tell.current?.({ target: field, currentTarget: field } as ChangeEvent<Element>);
  }, []);
  return useCallback(
    (element) => {
      own.current = element;
      if (typeof ref === "function") return ref(element);
      if (ref) ref.current = element;
    },
    [ref],
  );
}
