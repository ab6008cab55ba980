package io.naru.agent.service;

import io.naru.core.service.MapElement;
import io.naru.core.service.ServiceScript;
import io.naru.linux.nftables.Nftables;
import io.naru.linux.nftables.NftablesException;
import io.naru.linux.nftables.NftablesNetlink;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/** The services' table in the kernel, and which of its changes were this agent's. */
final class ServiceTable implements AutoCloseable {
  /** Notices of older changes of ours have been read long ago. */
  private static final int REMEMBERED = 256;

  private static final int MOST_AT_ONCE = 32;
  private static final int NOTICED_BITS = 0xffff;

  private final NftablesNetlink netlink = NftablesNetlink.open();
  private final Deque<Integer> own = new ArrayDeque<>();

  /** What stands in the kernel under the table's name. */
  enum Found {
    /** No table. */
    NOTHING,
    /** A table made from the text in question. */
    SAME,
    /** One made from another text, or by others. */
    OTHER
  }

  /** Does what a script says, all or nothing. */
  void apply(String script) {
    remembering(() -> Nftables.apply(script));
  }

  /**
   * Does the same by the kernel's own messages: to start nft and let it parse takes longer than all
   * the rest of a small change, and a third of a large one.
   */
  void change(Collection<MapElement> deleted, Collection<MapElement> added) {
    remembering(
        () ->
            netlink.change(
                ServiceScript.TABLE, KernelElements.of(deleted), KernelElements.of(added)));
  }

  /**
   * Where others change tables of theirs at the same time, their generations count as this agent's
   * too: that somebody alters this table in the same moment is less likely than that a busy host
   * would have it made anew again and again.
   */
  private void remembering(Runnable change) {
    int before = netlink.generation();
    change.run();
    int after = netlink.generation();
    for (int made = Math.max(before + 1, after - MOST_AT_ONCE); made <= after; made++) {
      own.addLast(made & NOTICED_BITS);
    }
    while (own.size() > REMEMBERED) {
      own.removeFirst();
    }
  }

  /** Whether the change with that generation, as a notice says it, was this agent's. */
  boolean isOwn(int noticed) {
    return own.contains(noticed);
  }

  /**
   * What there is.
   *
   * @param fingerprint the chain by which a table says what it was made of
   */
  Found look(String fingerprint) {
    try {
      // Without elements: to list ten thousand services takes most of a second.
      return Nftables.listWithoutElements("inet", ServiceScript.TABLE)
              .contains("chain " + fingerprint + " {")
          ? Found.SAME
          : Found.OTHER;
    } catch (NftablesException refused) {
      if (refused.isAbsent()) {
        return Found.NOTHING;
      }
      throw refused;
    }
  }

  boolean exists() {
    return Nftables.tableExists("inet", ServiceScript.TABLE);
  }

  void delete() {
    Nftables.deleteTable("inet", ServiceScript.TABLE);
  }

  @Override
  public void close() {
    netlink.close();
  }
}
