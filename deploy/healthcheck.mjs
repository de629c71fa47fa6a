// Is the process in this container alive? For HEALTHCHECK: the images carry no curl.
const url = process.argv[2];
const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
if (!response.ok) throw new Error(`${url} answered ${response.status}`);
