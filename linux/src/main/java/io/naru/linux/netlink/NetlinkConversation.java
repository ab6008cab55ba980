package io.naru.linux.netlink;

import io.naru.linux.call.KernelException;
import java.util.List;
import java.util.Optional;

/**
 * Requests to a kernel and what it says to them. A {@link NetlinkSocket} is one; another may stand
 * before it, for example to refuse what a real kernel only refuses under pressure.
 */
public interface NetlinkConversation extends AutoCloseable {
  /**
   * Sends requests in their order and returns each one's result at its index. A refusal does not
   * keep the later ones from being done.
   */
  List<Optional<KernelException>> execute(List<NetlinkRequest> requests);

  /** Sends one request and returns the messages that answer it, for example to RTM_GETROUTE. */
  List<NetlinkMessage> ask(NetlinkRequest request);

  /** Asks for all entries. */
  List<NetlinkMessage> dump(NetlinkRequest request);

  @Override
  void close();
}
