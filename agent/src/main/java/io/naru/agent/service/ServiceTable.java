package io.naru.agent.service;

import io.naru.core.service.MapElement;
import io.naru.core.service.ServiceScript;
import io.naru.linux.nftables.Nftables;
import io.naru.linux.nftables.NftablesException;
import io.naru.linux.nftables.NftablesNetlink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The services' table in the kernel, and which of its changes were this agent's. */
final class ServiceTable implements AutoCloseable {
  /** Notices of older changes of ours have been read long ago. */
  private static final int REMEMBERED = 256;

  private static final int MOST_AT_ONCE = 32;
  private static final int READINGS = 3;
  private static final int NOTICED_BITS = 0xffff;

  private final NftablesNetlink netlink = NftablesNetlink.open();
  private final Deque<Integer> own = new ArrayDeque<>();

  /** The generation up to which nobody else can have altered the table. */
  private int trusted;

  /** The table's listing without elements, as it was when this agent alone had made it so. */
  private Optional<String> text = Optional.empty();

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
    remembering(() -> Nftables.apply(script), false);
    rememberText();
  }

  /** Makes the table, whatever stood there before. */
  void make(String script) {
    remembering(() -> Nftables.apply(script), true);
    rememberText();
  }

  /** What nft makes of the text, if nobody else can have had a hand in it. */
  private void rememberText() {
    Optional<String> now = listing();
    text = netlink.generation() == trusted ? now : Optional.empty();
  }

  /**
   * Does the same by the kernel's own messages: to start nft and let it parse takes longer than all
   * the rest of a small change, and a third of a large one.
   */
  void change(Collection<MapElement> deleted, Collection<MapElement> added) {
    remembering(
        () ->
            netlink.change(
                ServiceScript.TABLE, KernelElements.of(deleted), KernelElements.of(added)),
        false);
  }

  /**
   * Where others change tables of theirs at the same time, their generations count as this agent's
   * too: that somebody alters this table in the same moment is found by {@link #isAs} later.
   */
  private void remembering(Runnable change, boolean anew) {
    int before = netlink.generation();
    change.run();
    int after = netlink.generation();
    if (after == before + 1 && (anew || before == trusted)) {
      trusted = after;
    }
    for (int made = Math.max(before + 1, after - MOST_AT_ONCE); made <= after; made++) {
      own.addLast(made & NOTICED_BITS);
    }
    while (own.size() > REMEMBERED) {
      own.removeFirst();
    }
  }

  /**
   * Whether the table is what this agent made of it, for alterations that no notice told of. Costs
   * one question where nobody changed any table since it was looked at, else a reading of all.
   *
   * @param wanted hands on each element that it shall have
   */
  boolean isAs(Consumer<Consumer<MapElement>> wanted) {
    int generation = netlink.generation();
    if (text.isEmpty()) {
      return false; // somebody was as quick as this agent when it made the table
    }
    boolean same = generation == trusted || text.equals(listing()) && hasElements(sum(wanted));
    if (same && netlink.generation() == generation) {
      trusted = generation;
    }
    return same;
  }

  /** The kernel's maps grow in the background, and a reading meanwhile may leave some out. */
  private boolean hasElements(ElementSum wanted) {
    for (int readings = 1; !elements().isSameAs(wanted); readings++) {
      if (readings == READINGS) {
        return false;
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
    return true;
  }

  private ElementSum elements() {
    ElementSum found = new ElementSum();
    for (String set : ServiceScript.filled()) {
      netlink.allElements(ServiceScript.TABLE, set).forEach(found::add);
    }
    return found;
  }

  private static ElementSum sum(Consumer<Consumer<MapElement>> wanted) {
    ElementSum sum = new ElementSum();
    wanted.accept(element -> sum.add(KernelElements.of(element)));
    return sum;
  }

  /** Without elements: to list ten thousand services takes most of a second. */
  private static Optional<String> listing() {
    try {
      return Optional.of(Nftables.listWithoutElements("inet", ServiceScript.TABLE));
    } catch (NftablesException refused) {
      if (refused.isAbsent()) {
        return Optional.empty();
      }
      throw refused;
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
    return listing()
        .map(now -> isMadeFrom(fingerprint, now) ? Found.SAME : Found.OTHER)
        .orElse(Found.NOTHING);
  }

  /** A table that lacks a map cannot be filled anew, whatever it says of itself. */
  private static boolean isMadeFrom(String fingerprint, String listing) {
    return listing.contains("chain " + fingerprint + " {")
        && ServiceScript.filled().stream().allMatch(name -> listing.contains(" " + name + " {"));
  }

  boolean exists() {
    return listing().isPresent();
  }

  void delete() {
    Nftables.deleteTable("inet", ServiceScript.TABLE);
  }

  @Override
  public void close() {
    netlink.close();
  }
}
