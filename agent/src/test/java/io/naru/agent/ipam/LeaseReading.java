package io.naru.agent.ipam;

/** How a lease's file is read. */
public final class LeaseReading {
  private LeaseReading() {}

  /** Reads the bytes, and what they say again. */
  public static void read(byte[] bytes) {
    LeaseFormat.Written written = LeaseFormat.read(bytes);
    byte[] again = LeaseFormat.write(written.attachment(), written.boot());
    if (!LeaseFormat.read(again).equals(written)) {
      throw new AssertionError(written + " is not read as it is written");
    }
  }
}
