package io.naru.linux.nftables;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.KernelException;
import io.naru.linux.netlink.Attributes;
import io.naru.linux.netlink.NetlinkMessage;
import io.naru.linux.netlink.NetlinkRequest;
import io.naru.linux.netlink.NetlinkSocket;
import io.naru.linux.netlink.Payload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of the packet filter too often, or is too long, for a run of nft(8): the ruleset's
 * generation, the elements of sets of addresses, and changes of elements. Messages and attributes
 * are those of linux/netfilter/nf_tables.h.
 */
public final class NftablesNetlink implements AutoCloseable {
  private final NetlinkSocket socket;

  private NftablesNetlink(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Opens a socket in the calling thread's network namespace. */
  public static NftablesNetlink open() {
    return new NftablesNetlink(NetlinkSocket.open(NfTables.NETLINK_NETFILTER));
  }

  /** The ruleset's generation: the number that every committed change of anyone raises by one. */
  public int generation() {
    Payload question = NfTables.header(NfTables.FAMILY_UNSPECIFIED).toPayload();
    for (NetlinkMessage answer :
        socket.ask(
            new NetlinkRequest(
                "ask for the generation of the nftables ruleset",
                NfTables.GET_GENERATION,
                0,
                question))) {
      if (answer.type() == NfTables.NEW_GENERATION) {
        return NfTables.attributes(answer.payload())
            .find(NfTables.GENERATION_ID)
            .map(NftablesNetlink::bigEndian)
            .orElse(0);
      }
    }
    throw new NaruException(
        ErrorCode.MALFORMED, "the kernel does not tell the generation of its nftables ruleset");
  }

  /**
   * Deletes elements of sets and maps and adds others, all in one moment or none.
   *
   * @param table of family inet
   * @throws KernelException of the first that the kernel refused; absent if one to be deleted is
   *     not there, or its set, or the table
   */
  public void change(String table, Collection<SetElement> deleted, Collection<SetElement> added) {
    List<NetlinkRequest> requests = new ArrayList<>(ElementCodec.deleted(table, deleted));
    requests.addAll(ElementCodec.added(table, added));
    if (!requests.isEmpty()) {
      socket.batch(mark(NfTables.BATCH_BEGIN), requests, mark(NfTables.BATCH_END));
    }
  }

  private static NetlinkRequest mark(int type) {
    return new NetlinkRequest("change the nftables ruleset", type, 0, NfTables.batchMark());
  }

  /**
   * All elements of a set or map.
   *
   * @param table of family inet
   * @throws KernelException absent where there is no such set
   */
  public List<SetElement> allElements(String table, String set) {
    List<SetElement> found = new ArrayList<>();
    for (NetlinkMessage message : socket.dump(elementsOf(table, set))) {
      ElementCodec.read(message.payload(), found::add);
    }
    return List.copyOf(found);
  }

  private static NetlinkRequest elementsOf(String table, String set) {
    return new NetlinkRequest(
        () -> "list the elements of the nftables set " + set,
        NfTables.GET_ELEMENTS,
        0,
        NfTables.header(NfTables.FAMILY_INET)
            .attributeText(NfTables.ELEMENTS_TABLE, table)
            .attributeText(NfTables.ELEMENTS_SET, set)
            .toPayload());
  }

  /**
   * The elements of a set of addresses in a table of family inet, with the packets that each
   * counted, or 0 where the set does not count.
   *
   * @return empty where there is no such set
   */
  public Optional<Map<IpAddress, Long>> elements(String table, String set) {
    Map<IpAddress, Long> found = new LinkedHashMap<>();
    try {
      for (NetlinkMessage message : socket.dump(elementsOf(table, set))) {
        readElements(message.payload(), found);
      }
    } catch (KernelException refused) {
      if (refused.isAbsent()) {
        return Optional.empty();
      }
      throw refused;
    }
    return Optional.of(found);
  }

  static void readElements(Payload message, Map<IpAddress, Long> found) {
    for (Attributes.Attribute element :
        NfTables.attributes(message).nested(NfTables.ELEMENTS_LIST).list()) {
      read(Attributes.parse(element.value()), found);
    }
  }

  private static void read(Attributes element, Map<IpAddress, Long> found) {
    element
        .nested(NfTables.ELEMENT_KEY)
        .address(NfTables.DATA_VALUE)
        .ifPresent(address -> found.put(address, packets(element)));
  }

  private static long packets(Attributes element) {
    Attributes expression = element.nested(NfTables.ELEMENT_EXPRESSION);
    return expression.text(NfTables.EXPRESSION_NAME).equals("counter")
        ? expression
            .nested(NfTables.EXPRESSION_DATA)
            .find(NfTables.COUNTER_PACKETS)
            .map(value -> Long.reverseBytes(value.i64(0)))
            .orElse(0L)
        : 0;
  }

  private static int bigEndian(Payload value) {
    return value.bigEndianU16(0) << 16 | value.bigEndianU16(2);
  }

  @Override
  public void close() {
    socket.close();
  }
}
