package io.naru.observe.packet;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import java.util.Arrays;

/** A part of an array of bytes, which nobody changes, read in network order. */
public final class Octets {
  private final byte[] array;
  private final int from;
  private final int length;

  private Octets(byte[] array, int from, int length) {
    this.array = array;
    this.from = from;
    this.length = length;
  }

  /** All of an array; the caller changes it no more. */
  public static Octets of(byte[] array) {
    return new Octets(array, 0, array.length);
  }

  public int length() {
    return length;
  }

  /** Whether so many bytes can be read at a place. */
  public boolean has(int at, int count) {
    return at >= 0 && count >= 0 && at <= length - count;
  }

  /** The bytes from a place on; none where that lies behind the end. */
  public Octets from(int at) {
    int start = Math.clamp(at, 0, length);
    return new Octets(array, from + start, length - start);
  }

  /** The first bytes, at most so many. */
  public Octets first(int count) {
    return new Octets(array, from, Math.clamp(count, 0, length));
  }

  public int eight(int at) {
    return array[index(at, 1)] & 0xff;
  }

  public int sixteen(int at) {
    int i = index(at, 2);
    return (array[i] & 0xff) << 8 | (array[i + 1] & 0xff);
  }

  public long thirtyTwo(int at) {
    return (long) sixteen(at) << 16 | sixteen(at + 2);
  }

  public MacAddress mac(int at) {
    int i = index(at, 6);
    return MacAddress.ofBytes(Arrays.copyOfRange(array, i, i + 6));
  }

  public IpAddress ipv4(int at) {
    int i = index(at, 4);
    return IpAddress.ofBytes(Arrays.copyOfRange(array, i, i + 4));
  }

  public IpAddress ipv6(int at) {
    int i = index(at, 16);
    return IpAddress.ofBytes(Arrays.copyOfRange(array, i, i + 16));
  }

  public byte[] toBytes() {
    return Arrays.copyOfRange(array, from, from + length);
  }

  private int index(int at, int count) {
    if (!has(at, count)) {
      throw new IllegalArgumentException(count + " bytes at " + at + " of " + length);
    }
    return from + at;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets that
        && Arrays.equals(
            array, from, from + length, that.array, that.from, that.from + that.length);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }

  @Override
  public String toString() {
    return length + " bytes";
  }
}
