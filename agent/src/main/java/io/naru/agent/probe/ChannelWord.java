package io.naru.agent.probe;

import java.util.Locale;

/**
 * What is known of the channel to a peer, for people and evidence.
 *
 * @param state in words, like {@code not authenticated}
 * @param trouble why it is not open
 */
public record ChannelWord(String state, String trouble) {
  static ChannelWord of(PeerPaths.Channel channel) {
    return new ChannelWord(
        channel.state().name().toLowerCase(Locale.ROOT).replace('_', ' '), channel.trouble());
  }
}
