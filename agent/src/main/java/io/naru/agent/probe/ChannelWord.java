package io.naru.agent.probe;

import io.naru.core.probe.ChannelState;
import java.util.Locale;

/**
 * What is known of the channel to a peer, for people and evidence.
 *
 * @param trouble why it is not open
 */
public record ChannelWord(ChannelState state, String trouble) {
  static ChannelWord of(PeerPaths.Channel channel) {
    return new ChannelWord(channel.state(), channel.trouble());
  }

  /** The state in words, like {@code not authenticated}. */
  public String words() {
    return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Whether the host says that nobody listens there: it is up, its agent is not. */
  public boolean isRefused() {
    return state == ChannelState.REFUSED;
  }
}
