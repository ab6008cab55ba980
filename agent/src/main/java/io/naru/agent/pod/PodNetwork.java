package io.naru.agent.pod;

import io.naru.agent.cni.AttachmentService;
import io.naru.agent.cni.CniErrorCode;
import io.naru.agent.cni.CniException;
import io.naru.agent.cni.CniReply;
import io.naru.agent.cni.CniRequest;
import io.naru.agent.cni.CniServer;
import io.naru.agent.ipam.Lease;
import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.ipam.LeasePhase;
import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.HostEnd;
import io.naru.core.pod.PodAttachment;
import io.naru.linux.route.Link;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The pods of this node. Requests for one container come one after the other, those for different
 * containers at the same time. The order of steps makes a crash harmless: first the lease is on the
 * disk, then the wiring is made, then the lease is ready; and the other way round.
 */
public final class PodNetwork implements AttachmentService {
  private static final Logger LOG = LoggerFactory.getLogger(PodNetwork.class);

  private final LeaseBook leases;
  private final PodWiring wiring;
  private final Supplier<PodNetworkSettings> settings;
  private final InstantSource clock;
  private final Consumer<AttachmentKey> changed;
  private final KeyedLocks locks = new KeyedLocks();
  private final CniServer server = new CniServer(this);

  /**
   * @param settings asked for each new pod; throws {@link NaruException}, best with UNAVAILABLE,
   *     while the node has no pod CIDR
   * @param changed told after a pod came or went
   */
  public PodNetwork(
      LeaseBook leases,
      PodWiring wiring,
      Supplier<PodNetworkSettings> settings,
      InstantSource clock,
      Consumer<AttachmentKey> changed) {
    this.leases = leases;
    this.wiring = wiring;
    this.settings = settings;
    this.clock = clock;
    this.changed = changed;
    leases.problems().forEach(LOG::error);
  }

  /** Answers one CNI request; never throws. */
  public CniReply handle(CniRequest request) {
    return server.handle(request);
  }

  /** Answers the line with {@code "operation":"cni"} of the agent's socket; never throws. */
  public CniReply handle(JsonNode line) {
    return server.handle(CniRequest.of(line));
  }

  /** The pods whose attachment is complete, by key. */
  public List<PodAttachment> pods() {
    return leases.all().stream()
        .filter(lease -> lease.phase() == LeasePhase.READY)
        .map(Lease::attachment)
        .toList();
  }

  @Override
  public PodAttachment add(
      AttachmentKey key, String network, String netnsPath, Map<String, String> arguments) {
    PodAttachment attachment =
        locks.call(key.containerId(), () -> addLocked(key, network, netnsPath, arguments));
    tell(key);
    return attachment;
  }

  private PodAttachment addLocked(
      AttachmentKey key, String network, String netnsPath, Map<String, String> arguments) {
    PodNetworkSettings now = currentSettings();
    leases.find(key).ifPresent(lease -> removeLeftOver(lease, netnsPath));
    PodAttachment attachment =
        leases.reserve(
            new LeaseBook.Wish(key, network, netnsPath, now.blocks(), now.mtu(), arguments),
            clock.instant());
    try {
      wiring.attach(attachment);
      leases.confirm(key);
      return attachment;
    } catch (RuntimeException | Error failure) {
      undo(attachment, failure);
      throw failure;
    }
  }

  /** The pod has come or gone by now: whoever fails to listen does not change that. */
  private void tell(AttachmentKey key) {
    try {
      changed.accept(key);
    } catch (RuntimeException e) {
      LOG.error("the change of {} was not taken notice of", key, e);
    }
  }

  private PodNetworkSettings currentSettings() {
    PodNetworkSettings now = settings.get();
    if (now.blocks().isEmpty()) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE, "this node has no pod CIDR yet; it claims one from the store");
    }
    return now;
  }

  /** What cannot be undone now keeps its lease: the next ADD, DEL or clean-up goes on with it. */
  private void undo(PodAttachment attachment, Throwable failure) {
    try {
      wiring.detach(attachment);
      leases.release(attachment.key());
    } catch (RuntimeException undoFailed) {
      failure.addSuppressed(undoFailed);
      LOG.warn("{} could not be undone yet: {}", attachment.key(), undoFailed.getMessage());
    }
  }

  /**
   * Of an ADD that a crash cut short, of a pod that died with its namespace, or of a runtime that
   * was killed before it knew that the pod was attached, and made another namespace for it.
   */
  private void removeLeftOver(Lease lease, String netnsPath) {
    PodAttachment attachment = lease.attachment();
    if (lease.phase() == LeasePhase.READY
        && attachment.netnsPath().equals(netnsPath)
        && wiring.hasHostEnd(attachment)) {
      throw new CniException(
          CniErrorCode.ALREADY_ATTACHED,
          attachment.key()
              + " is attached already, with "
              + attachment.addresses().stream()
                  .map(IpAddress::toString)
                  .collect(Collectors.joining(" and "))
              + "; the runtime must call DEL before it calls ADD again");
    }
    LOG.info("removing what is left over of {}", attachment.key());
    remove(attachment);
  }

  private void remove(PodAttachment attachment) {
    wiring.detach(attachment);
    leases.release(attachment.key());
  }

  @Override
  public void delete(AttachmentKey key) {
    locks.run(
        key.containerId(),
        () -> {
          Optional<Lease> lease = leases.find(key);
          if (lease.isPresent()) {
            remove(lease.get().attachment());
          } else {
            removeByAlias(HostEnd.alias(key));
          }
        });
    tell(key);
  }

  private void removeByAlias(String alias) {
    for (Link link : wiring.hostEnds()) {
      if (link.alias().equals(alias)) {
        wiring.delete(link);
      }
    }
  }

  @Override
  public List<String> check(AttachmentKey key, String netnsPath, List<IpAddress> expected) {
    return locks.call(key.containerId(), () -> checkLocked(key, netnsPath, expected));
  }

  private List<String> checkLocked(AttachmentKey key, String netnsPath, List<IpAddress> expected) {
    Optional<Lease> lease = leases.find(key);
    if (lease.isEmpty() || lease.get().phase() != LeasePhase.READY) {
      return List.of("this node has no lease for it");
    }
    PodAttachment attachment = lease.get().attachment();
    List<String> found = new ArrayList<>();
    for (IpAddress address : attachment.addresses()) {
      if (!expected.isEmpty() && !expected.contains(address)) {
        found.add("its lease has " + address + ", which the runtime's result does not have");
      }
    }
    found.addAll(WiringComparison.differences(attachment, wiring.observe(attachment, netnsPath)));
    return List.copyOf(found);
  }

  @Override
  public void collect(String network, Set<AttachmentKey> valid) {
    for (Lease lease : leases.all()) {
      PodAttachment attachment = lease.attachment();
      if (lease.phase() == LeasePhase.READY
          && attachment.network().equals(network)
          && !valid.contains(attachment.key())) {
        LOG.info("{} is not known to its runtime any more", attachment.key());
        delete(attachment.key());
      }
    }
  }

  @Override
  public void status() {
    PodNetworkSettings _ = currentSettings();
  }

  /**
   * Removes what no pod uses: attachments that a crash cut short, leases of pods that went without
   * a DEL, interfaces of ours without a lease. Running pods stay as they are, and those that are
   * being attached. What cannot be removed now keeps its lease, and does not hold up the others.
   */
  public void clean() {
    for (Lease lease : leases.all()) {
      AttachmentKey key = lease.attachment().key();
      cleanOne(
          key, () -> leases.find(key).filter(this::isDead).ifPresent(dead -> removeDead(dead)));
    }
    for (Link link : wiring.hostEnds()) {
      HostEnd.keyOf(link.alias()).ifPresent(key -> cleanOne(key, () -> removeOrphan(link, key)));
    }
  }

  private void cleanOne(AttachmentKey key, Runnable work) {
    try {
      locks.run(key.containerId(), work);
    } catch (RuntimeException odd) {
      LOG.error("what is left over of {} stays for now: {}", key, odd.getMessage());
    }
  }

  /** Removes a pod that its runtime lost, if nothing happened to it since. */
  void removeLost(PodAttachment lost) {
    AttachmentKey key = lost.key();
    cleanOne(
        key,
        () ->
            leases
                .find(key)
                .filter(lease -> lease.attachment().equals(lost))
                .ifPresent(this::removeDead));
  }

  private void removeOrphan(Link link, AttachmentKey key) {
    if (leases.find(key).isEmpty()) {
      LOG.info("removing {}: {} has no lease", link.name(), key);
      wiring.delete(link);
    }
  }

  private boolean isDead(Lease lease) {
    PodAttachment attachment = lease.attachment();
    return lease.phase() == LeasePhase.PREPARING
        || (!wiring.hasHostEnd(attachment) && !Files.exists(Path.of(attachment.netnsPath())));
  }

  private void removeDead(Lease lease) {
    LOG.info("removing what is left over of {}", lease.attachment().key());
    remove(lease.attachment());
    tell(lease.attachment().key());
  }

  /** Detaches every pod that can be, for a node that leaves the cluster. */
  public void detachAll() {
    for (Lease lease : leases.all()) {
      AttachmentKey key = lease.attachment().key();
      cleanOne(key, () -> delete(key));
    }
  }
}
