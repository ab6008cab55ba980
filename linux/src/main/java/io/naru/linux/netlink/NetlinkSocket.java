package io.naru.linux.netlink;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.Errno;
import io.naru.linux.call.KernelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A netlink socket for requests. It belongs to the network namespace of the thread that opened it,
 * whichever thread uses it later; threads may share it, one request waits for the other.
 */
public final class NetlinkSocket implements NetlinkConversation {
  /** linux/netlink.h. */
  public static final int NETLINK_ROUTE = 0;

  private static final int REQUEST = 0x01;
  private static final int ACK = 0x04;
  private static final int DUMP_INTERRUPTED = 0x10;
  private static final int DUMP = 0x300;
  private static final int FIRST_TYPE = 0x10;

  /** Few enough that the acks of a chunk fit the smallest receive buffer a machine may have. */
  private static final int CHUNK_MESSAGES = 128;

  private static final int CHUNK_BYTES = 32 * 1024;
  private static final int DUMP_ATTEMPTS = 16;
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);

  private final ReentrantLock lock = new ReentrantLock();
  private final NetlinkEndpoint endpoint;
  private int sequence;

  private NetlinkSocket(NetlinkEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * Opens a socket in the calling thread's network namespace.
   *
   * @param protocol for example {@link #NETLINK_ROUTE}
   */
  public static NetlinkSocket open(int protocol) {
    return new NetlinkSocket(NetlinkEndpoint.open(protocol));
  }

  /** Sends one request and waits for its ack. */
  public void execute(NetlinkRequest request) {
    Optional<KernelException> failure = execute(List.of(request)).getFirst();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** Sends many in one call. */
  @Override
  public List<Optional<KernelException>> execute(List<NetlinkRequest> requests) {
    begin();
    try {
      List<Optional<KernelException>> results = new ArrayList<>(requests.size());
      int from = 0;
      while (from < requests.size()) {
        int to = chunkEnd(requests, from);
        results.addAll(executeChunk(requests.subList(from, to), false));
        from = to;
      }
      return Collections.unmodifiableList(results);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends a batch of nfnetlink, which the kernel does as a whole or not at all (nfnetlink_rcv_batch
   * of net/netfilter/nfnetlink.c).
   *
   * @param begin the message that begins it
   * @param requests at least one
   * @param end the message that ends it
   * @throws KernelException of the first request that was refused
   */
  public void batch(NetlinkRequest begin, List<NetlinkRequest> requests, NetlinkRequest end) {
    begin();
    try {
      List<NetlinkRequest> all = new ArrayList<>(requests.size() + 2);
      all.add(begin);
      all.addAll(requests);
      all.add(end);
      // What a batch was refused for as a whole is said of its first message, before the ack.
      for (Optional<KernelException> result : executeChunk(all, true)) {
        if (result.isPresent()) {
          throw result.get();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static int chunkEnd(List<NetlinkRequest> requests, int from) {
    int to = from;
    int bytes = 0;
    while (to < requests.size() && to - from < CHUNK_MESSAGES) {
      bytes += NetlinkMessage.HEADER + 4 + requests.get(to).payload().length();
      if (to > from && bytes > CHUNK_BYTES) {
        break;
      }
      to++;
    }
    return to;
  }

  /**
   * @param batch whether the first and the last are marks, which are answered only if the whole was
   *     refused
   */
  private List<Optional<KernelException>> executeChunk(
      List<NetlinkRequest> requests, boolean batch) {
    int first = sequence + 1;
    sequence += requests.size();
    int last = requests.size() - (batch ? 2 : 1);
    PayloadWriter datagram = new PayloadWriter();
    for (int i = 0; i < requests.size(); i++) {
      NetlinkRequest request = requests.get(i);
      // The kernel works in order and tells every failure: one ack at the end says that the others,
      // of which it said nothing, are done (netlink_rcv_skb of net/netlink/af_netlink.c).
      message(request, request.flags() | (i == last ? ACK : 0), first + i).writeTo(datagram);
    }
    endpoint.send(datagram.toPayload(), requests.getFirst().operation());
    Map<Integer, Answer> answers = new HashMap<>();
    boolean lost = false;
    while (!answers.containsKey(last) && !(batch && answers.containsKey(0)) && !lost) {
      try {
        for (NetlinkMessage message : receive()) {
          int index = message.sequence() - first;
          if (message.type() == Answer.ERROR && index >= 0 && index < requests.size()) {
            answers.put(index, Answer.of(message));
          }
        }
      } catch (KernelException failure) {
        if (failure.errno() != Errno.ENOBUFS) {
          throw failure;
        }
        // The kernel answers within send(2), so what is not queued by now will never come.
        endpoint.discardPending();
        lost = true;
      }
    }
    List<Optional<KernelException>> results = new ArrayList<>(requests.size());
    for (int i = 0; i < requests.size(); i++) {
      Answer answer = answers.get(i);
      results.add(answer == null && !lost ? Optional.empty() : failure(requests.get(i), answer));
    }
    return results;
  }

  private static Optional<KernelException> failure(
      NetlinkRequest request, @Nullable Answer answer) {
    if (answer == null) {
      return Optional.of(
          new KernelException(
              request.operation() + " (its answer was lost, it may be done)",
              Errno.ENOBUFS.number()));
    }
    return answer.number() == 0
        ? Optional.empty()
        : Optional.of(new KernelException(request.operation(), answer.number(), answer.text()));
  }

  @Override
  public List<NetlinkMessage> ask(NetlinkRequest request) {
    begin();
    try {
      int number = ++sequence;
      endpoint.send(
          Payload.owning(message(request, request.flags() | ACK, number).toBytes()),
          request.operation());
      List<NetlinkMessage> found = new ArrayList<>();
      while (true) {
        for (NetlinkMessage message : receive()) {
          if (message.sequence() != number) {
            continue;
          }
          if (message.type() == Answer.ERROR) {
            throwIfRefused(request, message);
            return List.copyOf(found);
          }
          if (message.type() >= FIRST_TYPE) {
            found.add(message);
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks for all entries. A dump during which the kernel's list changed (NLM_F_DUMP_INTR), or whose
   * messages were lost, is asked for again.
   */
  @Override
  public List<NetlinkMessage> dump(NetlinkRequest request) {
    List<NetlinkMessage> found = new ArrayList<>();
    dump(request, found::clear, found::add);
    return List.copyOf(found);
  }

  /**
   * Asks for all entries and hands on each as it comes, for lists too long to be kept. Where it has
   * to ask again, what was handed on before comes again.
   *
   * @param consumer must not use this socket
   */
  public void dump(NetlinkRequest request, Consumer<NetlinkMessage> consumer) {
    dump(request, () -> {}, consumer);
  }

  private void dump(NetlinkRequest request, Runnable before, Consumer<NetlinkMessage> consumer) {
    begin();
    try {
      for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
        before.run();
        if (dumpOnce(request, consumer)) {
          return;
        }
      }
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          "cannot "
              + request.operation()
              + ": the kernel's list changed during each of "
              + DUMP_ATTEMPTS
              + " readings; try again");
    } catch (RuntimeException failure) {
      // Until it is read to its end the kernel takes no other dump (EBUSY).
      endpoint.discardPending();
      throw failure;
    } finally {
      lock.unlock();
    }
  }

  private void begin() {
    if (lock.isHeldByCurrentThread()) {
      throw new NaruException(
          ErrorCode.INTERNAL, "a netlink socket was asked while it handed on what came before");
    }
    lock.lock();
  }

  /** Whether it was whole. */
  private boolean dumpOnce(NetlinkRequest request, Consumer<NetlinkMessage> consumer) {
    int number = ++sequence;
    endpoint.send(
        Payload.owning(message(request, request.flags() | DUMP, number).toBytes()),
        request.operation());
    boolean consistent = true;
    while (true) {
      List<NetlinkMessage> received;
      try {
        received = receive();
      } catch (KernelException failure) {
        if (failure.errno() != Errno.ENOBUFS) {
          throw failure;
        }
        endpoint.discardPending();
        return false;
      }
      for (NetlinkMessage message : received) {
        if (message.sequence() != number) {
          continue;
        }
        consistent &= (message.flags() & DUMP_INTERRUPTED) == 0;
        if (message.type() == Answer.ERROR || message.type() == Answer.DONE) {
          throwIfRefused(request, message);
          return consistent;
        }
        if (message.type() >= FIRST_TYPE) {
          consumer.accept(message);
        }
      }
    }
  }

  private static void throwIfRefused(NetlinkRequest request, NetlinkMessage message) {
    Answer answer = Answer.of(message);
    if (answer.number() != 0) {
      throw new KernelException(request.operation(), answer.number(), answer.text());
    }
  }

  private static NetlinkMessage message(NetlinkRequest request, int flags, int sequence) {
    return new NetlinkMessage(request.type(), flags | REQUEST, sequence, 0, request.payload());
  }

  private List<NetlinkMessage> receive() {
    return switch (endpoint.receive(ANSWER_TIMEOUT)) {
      case NetlinkEndpoint.Received.Datagram(Payload bytes) -> NetlinkMessage.parse(bytes);
      case NetlinkEndpoint.Received.Nothing nothing ->
          throw new NaruException(
              ErrorCode.UNAVAILABLE,
              "the kernel did not answer a netlink request within "
                  + ANSWER_TIMEOUT.toSeconds()
                  + " s, or the socket was closed meanwhile");
    };
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
