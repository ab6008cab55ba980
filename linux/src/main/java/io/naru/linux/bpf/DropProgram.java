package io.naru.linux.bpf;

import static io.naru.linux.bpf.BpfAssembly.FRAME;

import io.naru.linux.bpf.BpfAssembly.Width;
import java.util.Set;

/**
 * The program at the tracepoint skb:kfree_skb: of each packet that the kernel throws away it looks
 * whether it is UDP to one of a few ports in one network namespace, and counts it by its reason.
 */
final class DropProgram {
  /** Functions of linux/bpf.h. */
  private static final int LOOKUP = 1;

  private static final int UPDATE = 2;
  private static final int PROBE_READ_KERNEL = 113;

  /** On the stack: what was read last, a count of one, and the key. */
  private static final int READ = -8;

  private static final int ONE = -16;
  private static final int KEY = -24;

  private static final int PACKET = 6;
  private static final int LENGTH = 8;
  private static final int POINTER = 9;

  private static final String END = "end";

  private final BpfAssembly code = new BpfAssembly();

  private DropProgram() {}

  /**
   * Where the kernel keeps what the program looks at: bytes from the begin of each structure.
   *
   * @param namespaceOfDevice of net_device
   * @param namespaceOfSocket of sock
   * @param number of a namespace's number in net
   */
  record Offsets(
      int device,
      int socket,
      int head,
      int networkHeader,
      int namespaceOfDevice,
      int namespaceOfSocket,
      int number) {
    static Offsets of(KernelTypes types) {
      return new Offsets(
          types.offset("sk_buff", "dev"),
          types.offset("sk_buff", "sk"),
          types.offset("sk_buff", "head"),
          types.offset("sk_buff", "network_header"),
          types.offset("net_device", "nd_net"),
          types.offset("sock", "__sk_common") + types.offset("sock_common", "skc_net"),
          types.offset("net", "ns") + types.offset("ns_common", "inum"));
    }
  }

  /**
   * The program.
   *
   * @param namespace the number of the network namespace
   * @param map descriptor of the map that counts: reason and port, 32 bits each, to 64 bits
   */
  static BpfAssembly of(Offsets offsets, int namespace, Set<Integer> ports, int map) {
    DropProgram program = new DropProgram();
    program.isInNamespace(offsets, namespace);
    program.isUdpTo(offsets, ports);
    program.count(map);
    return program.code;
  }

  /** READ = size bytes of the kernel's memory at register + offset. */
  private void read(int register, int offset, int size) {
    code.move(3, register)
        .addValue(3, offset)
        .set(2, size)
        .move(1, FRAME)
        .addValue(1, READ)
        .call(PROBE_READ_KERNEL);
  }

  private void readPointer(int register, int offset) {
    read(register, offset, 8);
    code.load(Width.DOUBLE, POINTER, FRAME, READ);
  }

  /** By its device; a packet on its way out has none yet, but a socket. */
  private void isInNamespace(Offsets offsets, int namespace) {
    // Arguments of the tracepoint: the packet, where it was thrown away, the reason.
    code.load(Width.DOUBLE, PACKET, 1, 0)
        .load(Width.DOUBLE, 2, 1, 16)
        .store(Width.WORD, FRAME, KEY, 2);
    readPointer(PACKET, offsets.device());
    code.ifEqual(POINTER, 0, "by socket");
    readPointer(POINTER, offsets.namespaceOfDevice());
    code.jump("namespace").label("by socket");
    readPointer(PACKET, offsets.socket());
    code.ifEqual(POINTER, 0, END);
    readPointer(POINTER, offsets.namespaceOfSocket());
    code.label("namespace");
    read(POINTER, offsets.number(), 4);
    code.load(Width.WORD, 1, FRAME, READ).unlessEqual(1, namespace, END);
  }

  /** IPv4 or IPv6 without extension headers (RFC 791, RFC 8200). */
  private void isUdpTo(Offsets offsets, Set<Integer> ports) {
    read(PACKET, offsets.networkHeader(), 2);
    code.load(Width.HALF, LENGTH, FRAME, READ);
    readPointer(PACKET, offsets.head());
    code.addRegister(POINTER, LENGTH);
    read(POINTER, 0, 8);
    code.load(Width.BYTE, LENGTH, FRAME, READ)
        .move(1, LENGTH)
        .shiftRight(1, 4)
        .ifEqual(1, 4, "IPv4")
        .unlessEqual(1, 6, END)
        .load(Width.BYTE, 1, FRAME, READ + 6)
        .unlessEqual(1, 17, END)
        .addValue(POINTER, 40)
        .jump("UDP")
        .label("IPv4");
    read(POINTER, 8, 8);
    code.load(Width.BYTE, 1, FRAME, READ + 1)
        .unlessEqual(1, 17, END)
        .and(LENGTH, 15)
        .shiftLeft(LENGTH, 2)
        .addRegister(POINTER, LENGTH)
        .label("UDP");
    read(POINTER, 0, 8);
    code.load(Width.HALF, 1, FRAME, READ + 2).fromNetwork(1);
    ports.forEach(port -> code.ifEqual(1, port, "count"));
    code.jump(END);
  }

  private void count(int map) {
    code.label("count")
        .store(Width.WORD, FRAME, KEY + 4, 1)
        .map(1, map)
        .move(2, FRAME)
        .addValue(2, KEY)
        .call(LOOKUP)
        .ifEqual(0, 0, "first")
        .set(1, 1)
        .addAtomically(0, 1)
        .jump(END)
        .label("first")
        .set(1, 1)
        .store(Width.DOUBLE, FRAME, ONE, 1)
        .map(1, map)
        .move(2, FRAME)
        .addValue(2, KEY)
        .move(3, FRAME)
        .addValue(3, ONE)
        .set(4, 0)
        .call(UPDATE)
        .label(END)
        .set(0, 0)
        .exit();
  }
}
