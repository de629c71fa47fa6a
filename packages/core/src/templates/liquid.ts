import {
  AssertionError,
  CaptureTag,
  Context,
  type FilterImplOptions,
  Liquid,
  LiquidError,
  type Template,
  UndefinedVariableError,
} from "liquidjs";

/** What one string may cost to parse (characters) and one message to render (milliseconds; characters and items made). */
const liquidLimits = { parseLimit: 100_000, renderLimit: 200, memoryLimit: 1_000_000 } as const;
/** Most characters of `{{ … }}` and `{% … %}` in one string: what analyses them takes time with its square. */
const maxMarkup = 20_000;

/** `html` escapes what it prints unless the template says `| raw`; `text` prints it as it is. */
export type LiquidKind = "html" | "text";
export type ParsedLiquid = Template[];

/** Liquid's own `capture` is free, so that capturing a variable twice into itself doubles it without end. */
class BudgetedCapture extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    yield* super.render(context);
    context.memoryLimit.use(String(context.bottom()[this.variable]).length);
  }
}

/** Looks at the clock whenever a variable is read: Liquid itself does so between tags only, and one tag may do a lot. */
class BudgetedContext extends Context {
  override *_get(paths: Parameters<Context["_get"]>[0]): IterableIterator<unknown> {
    this.renderLimit.check(performance.now());
    return yield* super._get(paths);
  }

  override spawn(scope: object = {}): Context {
    const { opts, sync, renderLimit, memoryLimit, liquid } = this;
    return new BudgetedContext(scope, opts, { sync }, { renderLimit, memoryLimit, liquid });
  }
}

const engines: Record<LiquidKind, Liquid> = { html: createEngine("escape"), text: createEngine() };

function createEngine(outputEscape?: "escape"): Liquid {
  const engine = new Liquid({
    ...liquidLimits,
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    lenientIf: true,
    templates: {},
    ...(outputEscape && { outputEscape }),
  });
  // A template stands alone: its layout is a field of its content, not a tag.
  for (const tag of ["include", "render", "layout", "block"]) delete engine.tags[tag];
  engine.registerTag("capture", BudgetedCapture);
  // These run an expression for every item of a list before anything looks at the clock.
  for (const filter of Object.keys(engine.filters)) if (filter.endsWith("_exp")) delete engine.filters[filter];
  for (const name of ["url_encode", "url_decode", "cgi_escape", "uri_escape", "slugify"]) chargeFilter(engine, name);
  return engine;
}

/** Makes a filter that Liquid lets run free of charge count what it reads and writes. */
function chargeFilter(engine: Liquid, name: string): void {
  const filter = engine.filters[name];
  if (typeof filter !== "function") throw new TypeError(`liquidjs has no filter ${name}`);
  const charged: FilterImplOptions = function (value, ...args) {
    this.context.memoryLimit.use(String(value).length);
    const result: unknown = filter.call(this, value, ...args);
    this.context.memoryLimit.use(String(result).length);
    return result;
  };
  engine.registerFilter(name, charged);
}

/** Every `{{ … }}` and `{% … %}` of a source. */
export const liquidMarkup = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;

/** Parses one string of a template, or says in words what is wrong with it. */
export function parseLiquid(
  source: string,
  kind: LiquidKind,
): { ok: true; parsed: ParsedLiquid } | { ok: false; message: string } {
  if (source.length > liquidLimits.parseLimit) {
    return { ok: false, message: `has ${source.length} characters; at most ${liquidLimits.parseLimit} are allowed` };
  }
  const markup = source.match(liquidMarkup)?.reduce((sum, tag) => sum + tag.length, 0) ?? 0;
  if (markup > maxMarkup) {
    return { ok: false, message: `has ${markup} characters of Liquid; at most ${maxMarkup} are allowed` };
  }
  try {
    return { ok: true, parsed: engines[kind].parse(source) };
  } catch (error) {
    return { ok: false, message: wordsOf(error) };
  }
}

/** Paths of the variables a string reads from its surroundings, such as `order.id`. Only for a string that parses. */
export function variablesOf(source: string): string[] {
  const markup = source.match(liquidMarkup)?.join("") ?? ""; // without the rest, which only slows the analysis
  const { text } = engines;
  return text.globalFullVariablesSync(text.parse(markup), { partials: false });
}

/** What the strings of one message have in common: variables, and one budget of time and memory for all of them. */
export interface LiquidScope {
  print(parsed: ParsedLiquid, kind: LiquidKind): string;
}

/** Why a string could not be printed. */
export interface PrintFailure {
  message: string;
  /** The variable that was missing, if that is why. */
  variable?: string;
  /** Whether it took too long: by the clock on the wall, which doesn't stop when the process does. */
  isSlow?: boolean;
}

/**
 * Opens the scope of one message.
 * @param variables by name; only own properties are seen
 * @param locale of month and weekday names
 * @param timeZone in which `date` prints; UTC when null
 */
export function openScope(variables: object, locale: string, timeZone: string | null): LiquidScope {
  const options = { ...engines.text.options, locale, timezoneOffset: timeZone ?? "UTC" };
  const message = new BudgetedContext(variables, options, { sync: true }, { liquid: engines.text });
  return {
    print(parsed, kind) {
      // A context for each string, so that what one assigns isn't seen by the next; the limiters are the message's.
      const printed: string = engines[kind].renderSync(parsed, message.spawn(variables));
      message.memoryLimit.use(printed.length);
      return printed;
    },
  };
}

/**
 * What an error that `print` threw says about the template and its data.
 * @throws the error itself when it says nothing about them: it is a bug
 */
export function explainPrintError(error: unknown): PrintFailure {
  // Whatever goes wrong while a variable is read has this class; only what is missing has a name.
  const { variableName: variable } = ((error instanceof UndefinedVariableError && error.originalError) || {}) as {
    variableName?: string;
  };
  if (variable !== undefined) return { variable, message: `the variable "${variable}" is missing` };
  const message = wordsOf(error);
  return { message, isSlow: message === slowWords };
}

const slowWords = `takes longer than ${liquidLimits.renderLimit} ms to render`;
/** What liquidjs and V8 say when a limit is reached, in words for the author of a template. */
const limitWords: readonly [words: string, message: string][] = [
  ["template render limit", slowWords],
  ["memory alloc limit", `makes more than ${liquidLimits.memoryLimit} characters and items`],
  ["Invalid string length", `makes more than ${liquidLimits.memoryLimit} characters and items`],
  ["call stack size", "is nested too deeply"],
];

/** @throws the error itself when it isn't one that a template can cause */
function wordsOf(error: unknown): string {
  const isExpected = error instanceof RangeError || error instanceof AssertionError || LiquidError.is(error);
  if (!isExpected) throw error;
  const { message } = error as Error;
  return limitWords.find(([words]) => message.includes(words))?.[1] ?? message;
}
