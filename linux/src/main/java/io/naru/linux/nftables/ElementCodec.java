package io.naru.linux.nftables;

import static io.naru.linux.nftables.NfTables.*;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.netlink.Attributes;
import io.naru.linux.netlink.NetlinkRequest;
import io.naru.linux.netlink.Payload;
import io.naru.linux.netlink.PayloadWriter;
import io.naru.linux.nftables.SetElement.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Changes of elements as messages of linux/netfilter/nf_tables.h. */
final class ElementCodec {
  /** An attribute holds 64 KiB, and the longest element of ours is far below a hundred bytes. */
  private static final int AT_ONCE = 400;

  private ElementCodec() {}

  /** Requests that add elements of sets in a table of family inet. */
  static List<NetlinkRequest> added(String table, Collection<SetElement> elements) {
    return requests(table, "add elements to", NEW_ELEMENTS, CREATE, elements, true);
  }

  /** Requests that delete them. */
  static List<NetlinkRequest> deleted(String table, Collection<SetElement> elements) {
    return requests(table, "delete elements of", DELETE_ELEMENTS, 0, elements, false);
  }

  private static List<NetlinkRequest> requests(
      String table,
      String attempt,
      int type,
      int flags,
      Collection<SetElement> elements,
      boolean withValues) {
    Map<String, List<SetElement>> bySet = new LinkedHashMap<>();
    elements.forEach(
        element -> bySet.computeIfAbsent(element.set(), set -> new ArrayList<>()).add(element));
    List<NetlinkRequest> requests = new ArrayList<>();
    bySet.forEach(
        (set, all) -> {
          for (int from = 0; from < all.size(); from += AT_ONCE) {
            List<SetElement> some = all.subList(from, Math.min(from + AT_ONCE, all.size()));
            requests.add(
                new NetlinkRequest(
                    () -> attempt + " the nftables set " + set + " of table " + table,
                    type,
                    flags,
                    message(table, set, some, withValues)));
          }
        });
    return requests;
  }

  private static Payload message(
      String table, String set, List<SetElement> elements, boolean withValues) {
    return header(FAMILY_INET)
        .attributeText(ELEMENTS_TABLE, table)
        .attributeText(ELEMENTS_SET, set)
        .nested(
            ELEMENTS_LIST,
            list ->
                elements.forEach(
                    element -> list.nested(LIST_ELEMENT, to -> write(element, withValues, to))))
        .toPayload();
  }

  private static void write(SetElement element, boolean withValue, PayloadWriter to) {
    to.nested(ELEMENT_KEY, key -> key.attribute(DATA_VALUE, value -> value.raw(element.key())));
    if (withValue) {
      write(element.value(), to);
    }
  }

  private static void write(Value value, PayloadWriter to) {
    switch (value) {
      case Value.Nothing() -> {}
      case Value.Bytes(Payload bytes) ->
          to.nested(ELEMENT_DATA, data -> data.attribute(DATA_VALUE, inside -> inside.raw(bytes)));
      case Value.Drop() ->
          to.nested(
              ELEMENT_DATA,
              data -> data.nested(DATA_VERDICT, verdict -> code(VERDICT_DROP, verdict)));
      case Value.Chain(String name) ->
          to.nested(
              ELEMENT_DATA,
              data ->
                  data.nested(
                      DATA_VERDICT,
                      verdict -> code(VERDICT_GOTO, verdict).attributeText(VERDICT_CHAIN, name)));
    }
  }

  /** Hands on each element of a message that tells of some. */
  static void read(Payload message, Consumer<SetElement> consumer) {
    Attributes attributes = attributes(message);
    String set = attributes.text(ELEMENTS_SET);
    for (Attributes.Attribute each : attributes.nested(ELEMENTS_LIST).list()) {
      Attributes element = Attributes.parse(each.value());
      Payload key =
          element.nested(ELEMENT_KEY).find(DATA_VALUE).orElseThrow(ElementCodec::withoutKey);
      consumer.accept(new SetElement(set, key, value(element.nested(ELEMENT_DATA))));
    }
  }

  private static Value value(Attributes data) {
    Optional<Payload> bytes = data.find(DATA_VALUE);
    if (bytes.isPresent()) {
      return new Value.Bytes(bytes.get());
    }
    if (data.find(DATA_VERDICT).isEmpty()) {
      return new Value.Nothing();
    }
    Attributes verdict = data.nested(DATA_VERDICT);
    Payload code = verdict.find(VERDICT_CODE).orElseThrow(ElementCodec::withoutKey);
    return switch (code.bigEndianU16(0) << 16 | code.bigEndianU16(2)) {
      case VERDICT_DROP -> new Value.Drop();
      case VERDICT_GOTO -> new Value.Chain(verdict.text(VERDICT_CHAIN));
      default -> new Value.Bytes(code); // not of ours, and so unlike anything of ours
    };
  }

  private static NaruException withoutKey() {
    return new NaruException(
        ErrorCode.MALFORMED, "the kernel tells of an nftables element without its key or verdict");
  }

  private static PayloadWriter code(int verdict, PayloadWriter to) {
    return to.attribute(
        VERDICT_CODE, code -> code.bigEndianU16(verdict >>> 16).bigEndianU16(verdict));
  }
}
