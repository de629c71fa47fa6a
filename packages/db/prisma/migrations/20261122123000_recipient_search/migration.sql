-- Who has an address: recipients are looked up by one in the console and at GET /v1/recipients. Written in lower case,
-- because people write email addresses either way.
CREATE FUNCTION "lower_addresses"(addresses jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(lower(value)), '{}') FROM jsonb_each_text(addresses)
$$;
CREATE INDEX "recipient_address_idx" ON "recipient" USING gin (lower_addresses("addresses"));
