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

  private static final int NOTICED_BITS = 0xffff;

  private final NftablesNetlink netlink = NftablesNetlink.open();
  private final Deque<Integer> own = new ArrayDeque<>();

  /**
   * Does what a script says, all or nothing.
   *
   * @return whether nobody else changed any table of the host at the same time, so that the
   *     change's notices can be told from theirs
   */
  boolean apply(String script) {
    int before = netlink.generation();
    Nftables.apply(script);
    int after = netlink.generation();
    own.addLast(after & NOTICED_BITS);
    if (own.size() > REMEMBERED) {
      own.removeFirst();
    }
    return after == before + 1;
  }

  /** Whether the change with that generation, as a notice says it, was this agent's. */
  boolean isOwn(int noticed) {
    return own.contains(noticed);
  }

  /** Whether there is a chain of that name, by which a table says what it was made from. */
  boolean hasChain(String name) {
    try {
      String _ = Nftables.listJson("chain", "inet", ServiceScript.TABLE, name);
      return true;
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
