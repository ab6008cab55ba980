package io.naru.store.service;

import io.naru.channel.Connection;
import io.naru.channel.Peer;
import io.naru.channel.TcpAddress;
import io.naru.channel.frame.Json;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.store.ClusterSnapshot;
import io.naru.store.engine.Change;
import io.naru.store.engine.ChangeFeed;
import io.naru.store.engine.EngineClusterStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's conversation with the store: requests one after the other, and perhaps a watch. */
final class StoreSession {
  private static final Logger LOG = LoggerFactory.getLogger(StoreSession.class);
  private static final Map<String, Object> DONE = Map.of();

  /** Root may put very many nodes or services there at once: about 350 bytes each. */
  private static final int LONGEST_OF_THIS_HOST = 64 << 20;

  private final EngineClusterStore store;
  private final Admission admission;
  private final ConnectedNodes connected;
  private final SharedLines lines;
  private final String epoch;
  private final Connection connection;
  private final Peer peer;
  private boolean watching;

  StoreSession(
      EngineClusterStore store,
      Admission admission,
      ConnectedNodes connected,
      SharedLines lines,
      String epoch,
      Connection connection) {
    this.store = store;
    this.admission = admission;
    this.connected = connected;
    this.lines = lines;
    this.epoch = epoch;
    this.connection = connection;
    this.peer = connection.peer();
  }

  void run() {
    requireMember();
    connection.readTimeout(StoreService.SILENCE);
    if (peer instanceof Peer.Local) {
      connection.lines().maximumLength(LONGEST_OF_THIS_HOST);
    }
    connection.write(new StoreMessage.Welcome());
    try {
      Optional<StoreRequest.Numbered> next = connection.read(StoreRequest.Numbered.class);
      while (next.isPresent()) {
        requireMember();
        connection.write(answered(next.get()));
        next = connection.read(StoreRequest.Numbered.class);
      }
    } finally {
      if (watching) {
        connection.close();
        store.feed().wake();
      }
    }
  }

  /** A node may have been removed, or a host that joined anew may have taken its place. */
  private void requireMember() {
    Authorization.requireMember(peer, store.state().pinnedKeys());
  }

  private StoreMessage answered(StoreRequest.Numbered numbered) {
    try {
      Authorization.requireRight(peer, numbered.request());
      return StoreMessage.answer(numbered.id(), done(numbered.request()));
    } catch (NaruException e) {
      return StoreMessage.failure(numbered.id(), e);
    } catch (RuntimeException e) {
      LOG.error("the store failed at a {}", numbered.request().getClass().getSimpleName(), e);
      return StoreMessage.failure(
          numbered.id(), new NaruException(ErrorCode.INTERNAL, "the store failed; see its log"));
    }
  }

  private Object done(StoreRequest request) {
    return switch (request) {
      case StoreRequest.Ping _ -> DONE;
      case StoreRequest.Configuration _ -> store.configuration();
      case StoreRequest.Snapshot _ -> store.snapshot();
      case StoreRequest.Claim claim ->
          claim.exact()
              ? store.claimExactPodCidrs(claim.node(), claim.podCidrs())
              : store.claimPodCidrs(claim.node(), claim.podCidrs());
      case StoreRequest.Publish publish -> {
        store.publishNode(publish.node());
        yield DONE;
      }
      case StoreRequest.Registration registration -> {
        store.registerForeignNodes(registration.nodes());
        yield DONE;
      }
      case StoreRequest.ServicesPut put -> store.putServices(put.wishes());
      case StoreRequest.ServicesRemoval removal -> {
        store.removeServices(removal.names());
        yield DONE;
      }
      case StoreRequest.Removal removal -> {
        Removals.remove(store, connected, removal);
        yield DONE;
      }
      case StoreRequest.Withdraw withdraw -> {
        store.withdrawNode(withdraw.node());
        yield DONE;
      }
      case StoreRequest.Notice notice -> {
        store.publishNotice(notice.notice());
        yield DONE;
      }
      case StoreRequest.NoticeWithdrawal withdrawal -> {
        store.withdrawNotice(withdrawal.path(), withdrawal.observer());
        yield DONE;
      }
      case StoreRequest.Watch watch -> {
        startWatch(watch);
        yield DONE;
      }
      case StoreRequest.Token token ->
          Map.of(
              "token",
              admission
                  .createToken(
                      token.servers().stream().map(TcpAddress::parse).toList(),
                      Duration.ofSeconds(token.seconds()))
                  .encoded());
      case StoreRequest.Join join -> admission.join(join, peer, connection.remoteAddress());
      case StoreRequest.Renewal renewal -> admission.renew(renewal, peer);
    };
  }

  private void startWatch(StoreRequest.Watch watch) {
    if (watching) {
      throw new NaruException(ErrorCode.BAD_INPUT, "this connection has a watch already");
    }
    watching = true;
    long known = watch.epoch().filter(epoch::equals).isPresent() ? watch.revision() : -1;
    Thread.ofVirtual().name("naru-store-watch").start(() -> watch(known));
  }

  private void watch(long known) {
    long sent = known;
    try {
      while (!connection.isClosed()) {
        sent = sendAfter(sent);
        if (store.feed().await(sent, Long.MAX_VALUE, connection::isClosed).closed()) {
          return;
        }
        requireMember();
      }
    } catch (NaruException e) {
      LOG.debug("the watch of {} ended: {}", peer, e.sentence());
      refuse(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connection.close();
    }
  }

  private void refuse(NaruException e) {
    if (e.code() == ErrorCode.NOT_AUTHENTICATED) {
      try {
        connection.write(StoreMessage.refusal(e));
      } catch (NaruException gone) {
        LOG.debug("{} is gone already", peer);
      }
    }
  }

  /** Sends all after a revision, as changes if they are kept, and returns what was reached. */
  private long sendAfter(long revision) {
    ChangeFeed feed = store.feed();
    Optional<List<Change>> changes = revision < 0 ? Optional.empty() : feed.since(revision);
    if (changes.isEmpty()) {
      ClusterSnapshot whole = store.snapshot();
      connection
          .lines()
          .writeLine(
              lines.line(
                  -1, whole.revision(), () -> Json.write(new StoreMessage.Whole(epoch, whole))));
      return whole.revision();
    }
    if (changes.get().isEmpty()) {
      return revision;
    }
    long reached = changes.get().getLast().revision();
    connection
        .lines()
        .writeLine(
            lines.line(
                revision, reached, () -> StoreMessage.changes(revision, reached, changes.get())));
    return reached;
  }
}
