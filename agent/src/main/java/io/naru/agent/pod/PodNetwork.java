package io.naru.agent.pod;

import io.naru.agent.cni.AttachmentService;
import io.naru.agent.cni.AttachmentWish;
import io.naru.agent.cni.CniCommand;
import io.naru.agent.cni.CniErrorCode;
import io.naru.agent.cni.CniException;
import io.naru.agent.cni.CniReply;
import io.naru.agent.cni.CniRequest;
import io.naru.agent.cni.CniServer;
import io.naru.agent.cni.Expectation;
import io.naru.agent.cni.NamesAnswered;
import io.naru.agent.ipam.Lease;
import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.ipam.LeasePhase;
import io.naru.agent.ipam.LeaseWish;
import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.HostEnd;
import io.naru.core.pod.PodAttachment;
import io.naru.linux.route.Link;
import java.time.InstantSource;
import java.util.List;
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
  private final PodRemains remains;
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
    this.remains = new PodRemains(leases, wiring);
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

  /**
   * Undoes an ADD whose result nobody took: the program was killed, and its runtime may have called
   * DEL already.
   */
  public void takeBack(JsonNode line, CniReply reply) {
    CniRequest request = CniRequest.of(line);
    if (request.command().equals(CniCommand.ADD.name()) && reply.exitCode() == 0) {
      LOG.warn("nobody took the result of ADD for {}: it is undone", request.key());
      // A later ADD of the container may have succeeded meanwhile, with another namespace.
      alone(
          request.key(),
          () ->
              leases
                  .find(request.key())
                  .filter(lease -> lease.attachment().netnsPath().equals(request.netns()))
                  .ifPresent(this::removeDead));
    }
  }

  /** The pods whose attachment is complete, by key. */
  public List<PodAttachment> pods() {
    return leases.all().stream()
        .filter(lease -> lease.phase() == LeasePhase.READY)
        .map(Lease::attachment)
        .toList();
  }

  @Override
  public PodAttachment add(AttachmentWish wish) {
    AttachmentKey key = wish.key();
    PodAttachment attachment = locks.call(key.containerId(), () -> addLocked(wish));
    tell(key);
    return attachment;
  }

  private PodAttachment addLocked(AttachmentWish wish) {
    PodNetworkSettings now = currentSettings();
    leases.find(wish.key()).ifPresent(lease -> removeLeftOver(lease, wish.netnsPath()));
    PodAttachment attachment =
        leases.reserve(
            new LeaseWish(
                wish.key(),
                wish.network(),
                wish.netnsPath(),
                now.blocks(),
                now.mtu(),
                wish.arguments(),
                wish.addresses(),
                wish.mac()),
            clock.instant());
    try {
      PodAttachment placed = wiring.attach(attachment);
      leases.confirm(placed);
      return placed;
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
            remains.removeByAlias(HostEnd.alias(key));
          }
        });
    tell(key);
  }

  @Override
  public List<String> check(AttachmentKey key, String netnsPath, Expectation expected) {
    return locks.call(
        key.containerId(),
        () -> {
          Optional<Lease> lease = leases.find(key).filter(l -> l.phase() == LeasePhase.READY);
          if (lease.isEmpty()) {
            return List.of("this node has no lease for it");
          }
          PodAttachment attachment = lease.get().attachment();
          return WiringComparison.differences(
              attachment, wiring.observe(attachment, netnsPath), expected);
        });
  }

  @Override
  public void collect(String network, Set<AttachmentKey> valid) {
    new StaleAttachments(leases.all(), network, valid).forEach(this::collectOne);
  }

  /** One that was being added when the runtime made its list is not stale. */
  private void collectOne(Lease stale) {
    AttachmentKey key = stale.attachment().key();
    locks.run(
        key.containerId(),
        () -> leases.find(key).filter(stale::equals).ifPresent(this::removeDead));
  }

  @Override
  public NamesAnswered names() {
    return settings.get().names();
  }

  @Override
  public void status() {
    PodNetworkSettings now = settings.get();
    if (now.blocks().isEmpty() && !leases.all().isEmpty()) {
      throw new CniException(
          CniErrorCode.LIMITED_CONNECTIVITY,
          "this node has no pod CIDR any more, so its peers have no routes to the pods on it; it"
              + " claims one from the store");
    }
    leases.requireRoom(currentSettings().blocks());
  }

  /**
   * Removes what no pod uses: attachments that a crash cut short, leases of pods that went without
   * a DEL, interfaces of ours without a lease. Running pods stay as they are, and those that are
   * being attached. What cannot be removed now keeps its lease, and does not hold up the others.
   */
  public void clean() {
    for (Lease lease : leases.all()) {
      AttachmentKey key = lease.attachment().key();
      alone(
          key, () -> leases.find(key).filter(remains::isDead).ifPresent(dead -> removeDead(dead)));
    }
    for (Link link : wiring.hostEnds()) {
      HostEnd.keyOf(link.alias())
          .ifPresent(key -> alone(key, () -> remains.removeOrphan(link, key)));
    }
  }

  private void alone(AttachmentKey key, Runnable work) {
    try {
      locks.run(key.containerId(), work);
    } catch (RuntimeException odd) {
      LOG.error("{} stays as it is for now: {}", key, odd.getMessage());
    }
  }

  /** Removes a pod that its runtime lost, if nothing happened to it since. */
  void removeLost(PodAttachment lost) {
    alone(lost.key(), () -> remains.unchanged(lost).ifPresent(this::removeDead));
  }

  private void removeDead(Lease lease) {
    LOG.info("removing what is left over of {}", lease.attachment().key());
    remove(lease.attachment());
    tell(lease.attachment().key());
  }

  /** Lets running pods follow a change of the node's pod MTU, in bytes. */
  public void followMtu(int mtu) {
    PodMtu wanted = new PodMtu(mtu, leases, wiring);
    for (Lease lease : leases.all()) {
      if (wanted.differsFrom(lease)) {
        AttachmentKey key = lease.attachment().key();
        alone(key, () -> leases.find(key).ifPresent(wanted::give));
      }
    }
  }

  /** Detaches every pod that can be, for a node that leaves the cluster. */
  public void detachAll() {
    for (Lease lease : leases.all()) {
      AttachmentKey key = lease.attachment().key();
      alone(key, () -> delete(key));
    }
  }
}
