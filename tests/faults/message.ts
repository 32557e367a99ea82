/** A frame as it came off a socket; whoever reads a field judges it. */
export interface Message {
  type: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [field: string]: any;
}
