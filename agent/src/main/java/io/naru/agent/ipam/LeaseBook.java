package io.naru.agent.ipam;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.pod.AddressPool;
import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.HostEnd;
import io.naru.core.pod.PodAttachment;
import io.naru.linux.sysctl.Sysctl;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * All leases of this node, in memory and in a directory. Whatever a method has returned outlives
 * the agent; whatever it threw for has not happened. Safe for many threads, but calls for one key
 * must not overlap.
 */
public final class LeaseBook {
  private final LeaseDirectory directory;
  private final List<String> problems;
  private final Map<AttachmentKey, Lease> leases = new TreeMap<>();

  /** The address given last from each block: the next one begins after it. */
  private final Map<Prefix, IpAddress> given = new HashMap<>();

  /** A pod CIDR of this node, and the next hop of pods with an address from it. */
  public record Block(Prefix cidr, IpAddress gateway) {}

  /**
   * Reads the leases of an earlier agent.
   *
   * @param directory made with the first lease where it is missing, for example {@code
   *     /var/lib/naru/pods}
   */
  public LeaseBook(Path directory) {
    this(directory, boot());
  }

  LeaseBook(Path directory, String boot) {
    this(new LeaseDirectory(directory, boot), LeaseDirectory::load);
  }

  private LeaseBook(
      LeaseDirectory directory, Function<LeaseDirectory, LeaseDirectory.Content> reading) {
    this.directory = directory;
    LeaseDirectory.Content content = reading.apply(directory);
    List<String> found = new ArrayList<>(content.problems());
    content.leases().stream()
        // One key may have two files after a crash between DEL and ADD: the ready one counts.
        .sorted(Comparator.comparing(Lease::phase))
        .forEach(lease -> leases.put(lease.attachment().key(), lease));
    found.addAll(doubles(leases.values()));
    problems = List.copyOf(found);
  }

  /**
   * The leases that an agent would find there, by key, for somebody who only looks: no file is
   * removed or moved aside.
   */
  public static List<Lease> look(Path directory) {
    return look(directory, boot());
  }

  static List<Lease> look(Path directory, String boot) {
    return new LeaseBook(new LeaseDirectory(directory, boot), LeaseDirectory::look).all();
  }

  /** The kernel's name for this boot (random(4)); empty on a kernel that has none. */
  private static String boot() {
    return Sysctl.of("kernel", "random", "boot_id").find().orElse("");
  }

  private static List<String> doubles(Iterable<Lease> leases) {
    Map<IpAddress, AttachmentKey> owners = new HashMap<>();
    List<String> found = new ArrayList<>();
    for (Lease lease : leases) {
      for (IpAddress address : lease.attachment().addresses()) {
        AttachmentKey other = owners.putIfAbsent(address, lease.attachment().key());
        if (other != null) {
          found.add(
              "both "
                  + other
                  + " and "
                  + lease.attachment().key()
                  + " have a lease of "
                  + address
                  + "; remove one of the two pods");
        }
      }
    }
    return found;
  }

  /** What was wrong with the files at the start: a sentence each, for the log. */
  public List<String> problems() {
    return problems;
  }

  public synchronized Optional<Lease> find(AttachmentKey key) {
    return Optional.ofNullable(leases.get(key));
  }

  /** All leases, by key. */
  public synchronized List<Lease> all() {
    return List.copyOf(leases.values());
  }

  /**
   * Reserves an address of each block, and a name for the node's interface.
   *
   * @return an attachment that is {@link LeasePhase#PREPARING}
   * @throws NaruException EXHAUSTED, CONFLICT when the key has a lease, FILE_FAILED
   */
  public PodAttachment reserve(LeaseWish wish, Instant now) {
    PodAttachment attachment = choose(wish, now);
    try {
      directory.create(attachment);
      return attachment;
    } catch (RuntimeException e) {
      forget(attachment.key());
      throw e;
    }
  }

  private synchronized PodAttachment choose(LeaseWish wish, Instant now) {
    AttachmentKey key = wish.key();
    if (leases.containsKey(key)) {
      throw new NaruException(ErrorCode.CONFLICT, key + " has a lease already");
    }
    Set<IpAddress> taken = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Lease lease : leases.values()) {
      taken.addAll(lease.attachment().addresses());
      names.add(lease.attachment().hostInterface());
    }
    Map<Prefix, IpAddress> chosen = new HashMap<>();
    List<IpAddress> addresses = new ArrayList<>();
    wish.requireServable();
    for (Block block : wish.blocks()) {
      Optional<IpAddress> asked = wish.asked(block);
      if (asked.isPresent()) {
        requireFree(asked.get());
        addresses.add(asked.get());
      } else {
        IpAddress address = next(block, taken);
        chosen.put(block.cidr(), address);
        addresses.add(address);
      }
    }
    PodAttachment attachment =
        new PodAttachment(
            key,
            wish.network(),
            wish.netnsPath(),
            addresses,
            wish.blocks().stream().map(Block::gateway).toList(),
            HostEnd.name(key, names::contains),
            HostEnd.hostMac(key),
            wish.mac().orElseGet(() -> HostEnd.podMac(key)),
            wish.mtu(),
            now,
            wish.arguments());
    given.putAll(chosen);
    leases.put(key, new Lease(attachment, LeasePhase.PREPARING));
    return attachment;
  }

  private void requireFree(IpAddress address) {
    for (Lease lease : leases.values()) {
      if (lease.attachment().addresses().contains(address)) {
        throw new NaruException(
            ErrorCode.CONFLICT,
            "the address "
                + address
                + " that the runtime asks for is that of "
                + lease.attachment().key()
                + "; remove that pod, or ask for another address");
      }
    }
  }

  private IpAddress next(Block block, Set<IpAddress> taken) {
    AddressPool pool = new AddressPool(block.cidr());
    Set<IpAddress> notToGive = new HashSet<>(taken);
    notToGive.add(block.gateway());
    Optional<IpAddress> last = Optional.ofNullable(given.get(block.cidr())).or(() -> newest(pool));
    return pool.next(last, notToGive);
  }

  /**
   * Throws when no further lease could be given.
   *
   * @throws NaruException EXHAUSTED
   */
  public synchronized void requireRoom(List<Block> blocks) {
    Set<IpAddress> taken = new HashSet<>();
    leases.values().forEach(lease -> taken.addAll(lease.attachment().addresses()));
    blocks.forEach(block -> next(block, taken));
  }

  /** After a restart, the newest lease shows where giving stopped. */
  private Optional<IpAddress> newest(AddressPool pool) {
    return leases.values().stream()
        .map(Lease::attachment)
        .sorted(Comparator.comparing(PodAttachment::createdAt).reversed())
        .flatMap(attachment -> attachment.addresses().stream())
        .filter(pool::isUsable)
        .findFirst();
  }

  /**
   * The attachment is complete: the runtime may be told.
   *
   * @param attachment what {@link #reserve} returned, with what became known since
   */
  public void confirm(PodAttachment attachment) {
    AttachmentKey key = attachment.key();
    boolean asReserved =
        find(key).filter(lease -> lease.attachment().equals(attachment)).isPresent();
    if (!asReserved) {
      directory.create(attachment);
    }
    directory.promote(key);
    synchronized (this) {
      leases.put(key, new Lease(attachment, LeasePhase.READY));
    }
  }

  /** What an attachment that is complete has become; its addresses stay. */
  public void change(PodAttachment attachment) {
    directory.create(attachment);
    directory.promote(attachment.key());
    synchronized (this) {
      leases.computeIfPresent(
          attachment.key(), (key, lease) -> new Lease(attachment, LeasePhase.READY));
    }
  }

  /** Gives the addresses back. A key without a lease is not an error. */
  public void release(AttachmentKey key) {
    directory.delete(key);
    forget(key);
  }

  private synchronized void forget(AttachmentKey key) {
    leases.remove(key);
  }
}
