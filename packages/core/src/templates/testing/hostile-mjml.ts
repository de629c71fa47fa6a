/** Small enough to be stored, and busy for minutes: every rule is tried on every element. */
export const hostileMjml = `<mjml><mj-head>
  <mj-style inline="inline">${"td b{x:y}".repeat(5_000)}</mj-style>
</mj-head><mj-body><mj-section><mj-column><mj-text>${"<b>".repeat(16_000)}</mj-text></mj-column></mj-section></mj-body></mjml>`;
