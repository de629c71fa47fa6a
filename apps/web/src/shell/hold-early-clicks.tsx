declare global {
  interface Window {
    /** Ends the holding of clicks; answers with what was clicked last, if anything. */
    endEarlyClicks?: () => HTMLElement | undefined;
  }
}

/**
 * Begins to keep what is clicked before the page's scripts are there to answer, for `RepeatEarlyClick`: the first of a page.
 * A form is sent by its button, so none leaves the page in the browser's own way. Links need no script.
 */
export function HoldEarlyClicks({ nonce }: { nonce: string | undefined }) {
  const script = `(${holdEarlyClicks})()`;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: a function of this file; as a child its text would be escaped
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: script }} />;
}

/** Runs in the browser, as text: it may name nothing outside itself. */
function holdEarlyClicks(): void {
  const kinds = "button, input[type=checkbox], input[type=radio], [role=button], [role=checkbox], [role=radio]";
  let clicked: HTMLElement | undefined;
  function hold(event: MouseEvent) {
    const control = (event.target as Element).closest<HTMLElement>(kinds);
    if (!control) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // the page answers once, when all of it can
    clicked = control;
  }
  document.addEventListener("click", hold, true);
  window.endEarlyClicks = () => {
    document.removeEventListener("click", hold, true);
    return clicked;
  };
}
