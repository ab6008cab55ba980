package io.naru.core.probe;

import io.naru.core.path.PathNotice;
import java.util.Optional;

/**
 * What the other end of a path lets us know of it.
 *
 * @param channel whether its agent can be asked
 * @param trouble why it cannot be asked, as the last attempt put it; empty where it can
 * @param hearsNothing whether its own probes arrive here and say that ours do not arrive there
 * @param watching whether its taps are open for our probes
 * @param notice its newest word in the store, unless that is stale
 */
public record OtherEnd(
    ChannelState channel,
    String trouble,
    boolean hearsNothing,
    boolean watching,
    Optional<PathNotice> notice) {
  /** Whether it is certain that the other end looked for our probes and speaks of them. */
  boolean speaks() {
    return channel == ChannelState.OPEN || hearsNothing || notice.isPresent();
  }

  /** What a verdict's reason says of a channel that is not open; empty for one that is. */
  String channelClause() {
    return switch (channel) {
      case OPEN, UNTRIED -> "";
      case SILENT, REFUSED, NOT_AUTHENTICATED ->
          "; the agents' channel is closed"
              + (trouble.isEmpty() ? "" : ": " + trouble.replaceFirst("\\.$", ""));
    };
  }
}
