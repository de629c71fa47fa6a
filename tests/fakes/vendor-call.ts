/** A call that a vendor makes at a URL it was given: a receipt, an event. */
export interface VendorCall {
  method: string;
  url: string;
  /** By lower-case name. */
  headers: Record<string, string>;
  body: Buffer;
}
