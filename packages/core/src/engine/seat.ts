/** A line's place among those that go on side by side. While it waits for a person it gives the place up. */
export interface Seat {
  leave(): void;
  /** Comes back: from this call on the line counts as at work, and it goes on once there is room. */
  enter(): Promise<void>;
}
