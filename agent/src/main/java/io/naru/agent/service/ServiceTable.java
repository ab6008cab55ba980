package io.naru.agent.service;

import io.naru.core.service.ServiceScript;
import io.naru.linux.nftables.Nftables;
import io.naru.linux.nftables.NftablesException;
import io.naru.linux.nftables.NftablesNetlink;
import java.util.ArrayDeque;
import java.util.Deque;

/** The services' table in the kernel, and which of its changes were this agent's. */
final class ServiceTable implements AutoCloseable {
  /** Notices of older changes of ours have been read long ago. */
  private static final int REMEMBERED = 256;

  private static final int MOST_AT_ONCE = 32;
  private static final int NOTICED_BITS = 0xffff;

  private final NftablesNetlink netlink = NftablesNetlink.open();
  private final Deque<Integer> own = new ArrayDeque<>();

  /**
   * Does what a script says, all or nothing. Where others change tables of theirs at the same time,
   * their generations count as this agent's too: that somebody alters this table in the same moment
   * is less likely than that a busy host would have it made anew again and again.
   */
  void apply(String script) {
    int before = netlink.generation();
    Nftables.apply(script);
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
   * Whether there is a table that has a chain of that name, by which it says what it was made of.
   */
  boolean hasChain(String name) {
    try {
      // Without elements: to list ten thousand services takes most of a second.
      return Nftables.listWithoutElements("inet", ServiceScript.TABLE)
          .contains("chain " + name + " {");
    } catch (NftablesException refused) {
      if (refused.isAbsent()) {
        return false;
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
