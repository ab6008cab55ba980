package io.naru.core.service;

import io.naru.core.address.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One of the things that elements of the services' table are made of. */
public sealed interface Datum {
  /** As nft(8) writes it. */
  String text();

  /** As the kernel keeps it in its registers (linux/netfilter/nf_tables.h). */
  byte[] bytes();

  /** What {@code ip daddr} is compared with. */
  record Address(IpAddress address) implements Datum {
    @Override
    public String text() {
      return address.toString();
    }

    @Override
    public byte[] bytes() {
      return address.toBytes();
    }
  }

  /** What {@code meta l4proto} is compared with. */
  record Transport(Protocol protocol) implements Datum {
    @Override
    public String text() {
      return protocol.toString();
    }

    @Override
    public byte[] bytes() {
      return new byte[] {(byte) protocol.number()};
    }
  }

  /** What {@code th dport} is compared with. */
  record Port(int number) implements Datum {
    @Override
    public String text() {
      return Integer.toString(number);
    }

    @Override
    public byte[] bytes() {
      return new byte[] {(byte) (number >>> 8), (byte) number};
    }
  }

  /** What {@code numgen} yields: a number in the machine's order. */
  record Slot(int number) implements Datum {
    @Override
    public String text() {
      return Integer.toString(number);
    }

    @Override
    public byte[] bytes() {
      return machineOrder(number);
    }
  }

  /** What {@code meta priority} holds, which nft writes as a handle of traffic control. */
  record Handle(int number) implements Datum {
    @Override
    public String text() {
      return "%04x:%04x".formatted(number >>> 16, number & 0xffff);
    }

    @Override
    public byte[] bytes() {
      return machineOrder(number);
    }
  }

  private static byte[] machineOrder(int number) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(number).array();
  }
}
